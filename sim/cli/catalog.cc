// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/catalog.h"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "sim/base/param_bounds.h"
#include "sim/base/tunables.h"
#include "sim/base/work.h"
#include "sim/cli/options.h"
#include "sim/workload/workload.h"

namespace gbsim::cli {
namespace {

constexpr std::string_view type_name(ParamType type) {
  constexpr std::array<std::string_view, 11> names{"integer", "real", "size",   "time", "rate", "share",
                                                   "flag",    "choice", "text", "law",  "list"};
  return names[static_cast<std::size_t>(type)];
}

bool has_range(const ParamSpec& spec) {
  return spec.type <= ParamType::share && spec.max < 1e18;
}

std::string range_text(const ParamSpec& spec) {
  if (!spec.choices.empty()) {
    return std::string(spec.choices);
  }
  return has_range(spec) ? fmt::format("{}..{}", bound_text(spec.type, spec.min), bound_text(spec.type, spec.max))
                         : std::string{};
}

/** What min and max of @type are counted in; empty for plain numbers and what is none. */
std::string_view base_unit(ParamType type) {
  switch (type) {
    case ParamType::size:
      return "bytes";
    case ParamType::time:
      return "ns";
    case ParamType::rate:
      return "1/s";
    case ParamType::share:
      return "fraction";
    default:
      return "";
  }
}

nlohmann::ordered_json to_json(const ParamSpec& spec) {
  nlohmann::ordered_json row{{"name", spec.name}, {"type", type_name(spec.type)}, {"default", spec.default_text}};
  row["unit"] = base_unit(spec.type);
  if (has_range(spec)) {
    row["min"] = spec.min;
    row["max"] = spec.max;
  }
  if (!spec.choices.empty()) {
    row["choices"] = spec.choices;
  }
  row["meaning"] = spec.meaning;
  row["source"] = spec.source;
  return row;
}

void print_spec(const ParamSpec& spec, std::string_view indent) {
  const std::string name = fmt::format("{}{}", indent, spec.name);
  fmt::print("{:<36} {:<8} {:<22} {:<24} {}", name, type_name(spec.type), spec.default_text, range_text(spec),
             spec.meaning);
  fmt::print("{}\n", spec.source.empty() ? std::string{} : fmt::format(" [{}]", spec.source));
  for (const ParamSpec& item : spec.items) {
    print_spec(item, fmt::format("{}  - ", indent));
  }
}

void print_header(std::string_view first) {
  fmt::print("{:<36} {:<8} {:<22} {:<24} {}\n", first, "type", "default", "range", "meaning [source]");
}

void print_model(const WorkloadModel& model) {
  fmt::print("\n{}: {}\n", model.name, model.meaning);
  print_header("  key");
  for (const ParamSpec& spec : model.params) {
    print_spec(spec, "  ");
  }
}

}  // namespace

int run_tunables(Arguments arguments) {
  OptionParser options("tunables", "");
  options.add()("json", "machine-readable");
  if (options.parse(arguments)) {
    return kDone;
  }
  if (options.has("json")) {
    auto rows = nlohmann::ordered_json::array();
    for (const ParamSpec& spec : tunable_specs()) {
      rows.push_back(to_json(spec));
    }
    std::cout << rows.dump(1) << '\n';
    return kDone;
  }
  print_header("tunable");
  for (const ParamSpec& spec : tunable_specs()) {
    print_spec(spec, "");
  }
  fmt::print("\ncosts (simulated time for one unit, under `costs:` in a scenario):\n");
  for (const CostEntry& entry : default_costs()) {
    fmt::print("  {:<24} {:>8} ns  {}\n", entry.name, entry.cost.count(), entry.source);
  }
  return kDone;
}

int run_workloads(Arguments arguments) {
  OptionParser options("workloads", "[MODEL]");
  if (options.parse(arguments)) {
    return kDone;
  }
  if (options.operands().empty()) {
    for (const WorkloadModel& model : workload_models()) {
      fmt::print("{:<18} {}\n", model.name, model.meaning);
    }
    fmt::print("\n'gbsim workloads MODEL' documents every key of a model.\n");
    return kDone;
  }
  for (const std::string& name : options.operands()) {
    const WorkloadModel* model = find_workload_model(name);
    if (model == nullptr) {
      throw UsageError(fmt::format("no workload model '{}'; 'gbsim workloads' lists them", name));
    }
    print_model(*model);
  }
  return kDone;
}

int run_placements(Arguments arguments) {
  OptionParser options("placements", "");
  if (options.parse(arguments)) {
    return kDone;
  }
  fmt::print("{:<18} {}\n", "linux", "mainline: per-zone lists, pageblock claim then steal (rules by kernel.rules)");
  fmt::print("{:<18} {}\n{:<18} {}\n", "gigablock-walk",
             "the RFC: free lists by gigablock, non-movable memory steered into tainted ones, lists walked",
             "gigablock-bitmap", "the same steps, with gigablocks found by bitmaps (bitmap.* tunables)");
  fmt::print("{:<18} {}\n", "confined",
             "Contiguitas: non-movable memory below a boundary that moves with demand (confined.* tunables)");
  fmt::print("\npcp:\n{:<18} {}\n", "linux", "per-CPU page lists with auto-tuned high");
  fmt::print("{:<18} {}\n{:<18} {}\n", "pcpbuddy",
             "CPUs own pageblocks, get back what is freed of them, merge before draining (pcpbuddy.* tunables)", "none",
             "every operation goes to the buddy lists");
  return kDone;
}

}  // namespace gbsim::cli
