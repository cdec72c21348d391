// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/base/units.h"

namespace gbsim {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

bool needs_escape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/** Double-quoted, so that no value can be taken for anything else. */
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (!needs_escape(c)) {
      result += c;
    } else if (c == '"' || c == '\\') {
      result.append(1, '\\').append(1, c);
    } else {
      result.append("\\x").append(1, kHex[static_cast<unsigned char>(c) / 16]).append(1, kHex[c % 16]);
    }
  }
  return result + '"';
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-+/% ").find(c) != std::string_view::npos;
}

/** Values are read by type, so plain words are safe unless YAML gives them a meaning of its own. */
bool is_safe_plain(std::string_view text) {
  const bool is_null = text == "null" || text == "Null" || text == "NULL";
  const auto starts_word = [](char c) { return is_plain(c) && c != '-' && c != ' ' && c != '%'; };
  return !text.empty() && !is_null && std::ranges::all_of(text, is_plain) && starts_word(text.front()) &&
         text.back() != ' ';
}

std::string scalar(std::string_view text) { return is_safe_plain(text) ? std::string(text) : quoted(text); }

/** Appends lines of YAML at a depth. */
class Emitter {
 public:
  void line(std::size_t depth, std::string_view key, std::string_view value) { put(depth, key, " " + scalar(value)); }
  void open(std::size_t depth, std::string_view key) { put(depth, key, ""); }
  void empty(std::size_t depth, std::string_view key, std::string_view value) {
    put(depth, key, " " + std::string(value));
  }
  /** The next line starts an element of a list, with its dash in front of that line's depth. */
  void open_item() { starts_item_ = true; }
  void params(std::size_t depth, std::string_view key, const Params& params);
  std::string take() { return std::move(out_); }

 private:
  void put(std::size_t depth, std::string_view key, const std::string& rest) {
    const std::string indent = starts_item_ ? std::string(depth * 2 - 2, ' ') + "- " : std::string(depth * 2, ' ');
    starts_item_ = false;
    fmt::format_to(std::back_inserter(out_), "{}{}:{}\n", indent, key, rest);
  }
  void values(std::size_t depth, const Params& params);
  void list(std::size_t depth, std::string_view key, const std::vector<Params>& elements);

  std::string out_;
  bool starts_item_ = false;
};

void Emitter::params(std::size_t depth, std::string_view key, const Params& params) {
  if (params.schema().empty()) {
    empty(depth, key, "{}");
    return;
  }
  open(depth, key);
  values(depth + 1, params);
}

void Emitter::values(std::size_t depth, const Params& params) {
  for (const ParamSpec& spec : params.schema()) {
    if (spec.type != ParamType::list) {
      line(depth, spec.name, params.text(spec.name));
    } else if (!params.is_default(spec.name)) {
      list(depth, spec.name, params.list(spec.name));
    }
  }
}

void Emitter::list(std::size_t depth, std::string_view key, const std::vector<Params>& elements) {
  if (elements.empty()) {
    empty(depth, key, "[]");
    return;
  }
  open(depth, key);
  for (const Params& element : elements) {
    open_item();
    values(depth + 2, element);
  }
}

void write_machine(Emitter& out, const ScenarioMachine& machine) {
  out.open(0, "machine");
  out.line(1, "nodes", std::to_string(machine.nodes));
  out.line(1, "cpus", std::to_string(machine.cpus));
  out.line(1, "memory", format_size(machine.memory));
  out.line(1, "movablecore", format_size(machine.movablecore));
  out.line(1, "cma", format_size(machine.cma));
  out.line(1, "hugetlb_1g", std::to_string(machine.hugetlb_1g));
  out.line(1, "hugetlb_cma", format_size(machine.hugetlb_cma));
  out.line(1, "gigablock_order", std::to_string(machine.gigablock_order));
}

void write_costs(Emitter& out, const CostTable& costs) {
  out.open(0, "costs");
  for (const CostEntry& entry : default_costs()) {
    out.line(1, entry.name, format_time(costs.of(entry.kind)));
  }
}

void write_workload(Emitter& out, const ScenarioWorkload& workload) {
  out.open_item();
  out.line(2, "name", workload.name);
  out.line(2, "model", workload.model);
  out.line(2, "scale", fmt::format("{}", workload.scale));
  if (workload.start) {
    out.line(2, "start", format_time(*workload.start));
  }
  if (workload.stop) {
    out.line(2, "stop", format_time(*workload.stop));
  }
  out.params(2, "set", workload.params);
}

void write_workloads(Emitter& out, const std::vector<ScenarioWorkload>& workloads) {
  if (workloads.empty()) {
    out.empty(0, "workloads", "[]");
    return;
  }
  out.open(0, "workloads");
  for (const ScenarioWorkload& workload : workloads) {
    write_workload(out, workload);
  }
}

void write_action(Emitter& out, const TimelineAction& action) {
  out.open_item();
  out.line(2, "at", format_time(action.at));
  out.line(2, "do", action_name(action.kind));
  if (action.kind == ActionKind::allocate_1g || action.kind == ActionKind::free_1g) {
    out.line(2, "count", std::to_string(action.count));
  }
  if (action.hold) {
    out.line(2, "hold", format_time(*action.hold));
  }
  if (action.kind == ActionKind::set) {
    out.line(2, "tunable", action.tunable);
    out.line(2, "value", action.value);
  }
  if (!action.workload.empty()) {
    out.line(2, "workload", action.workload);
  }
}

void write_timeline(Emitter& out, const std::vector<TimelineAction>& timeline) {
  if (timeline.empty()) {
    out.empty(0, "timeline", "[]");
    return;
  }
  out.open(0, "timeline");
  for (const TimelineAction& action : timeline) {
    write_action(out, action);
  }
}

}  // namespace

std::string write_scenario(const Scenario& scenario) {
  Emitter out;
  out.line(0, "name", scenario.name);
  write_machine(out, scenario.machine);
  out.line(0, "warmup", format_time(scenario.warmup));
  out.line(0, "duration", format_time(scenario.duration));
  out.line(0, "seed", std::to_string(scenario.seed));
  out.line(0, "sample", format_time(scenario.sample));
  out.line(0, "placement", scenario.placement);
  out.line(0, "pcp", scenario.pcp);
  out.params(0, "tunables", scenario.tunables);
  write_costs(out, scenario.costs);
  write_workloads(out, scenario.workloads);
  write_timeline(out, scenario.timeline);
  return out.take();
}

}  // namespace gbsim
