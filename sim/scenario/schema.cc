// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "sim/base/units.h"
#include "sim/base/work.h"

namespace gbsim {
namespace {

using enum ParamType;

constexpr double kMiB = 1048576.0;
constexpr double kTiB = kMiB * kMiB;
constexpr double kDay = 86400e9;

constexpr std::array kScenarioSpecs{
    ParamSpec{"name", text, "", "names the result directory"},
    ParamSpec{"description", text, "", "for readers"},
    ParamSpec{"warmup", time, "0s", "simulated before measuring begins", "", 0, 365 * kDay},
    ParamSpec{"duration", time, "1ms", "simulated and measured", "", 1e6, 365 * kDay},
    ParamSpec{"seed", integer, "1", "of all random streams", "", 0, 0x1p63},
    ParamSpec{"sample", time, "10s", "between samples", "", 1e6, kDay},
    ParamSpec{"placement", choice, "linux", "where allocations are served from", "", 0, 0,
              "linux|gigablock-walk|gigablock-bitmap|confined"},
    ParamSpec{"pcp", choice, "linux", "per-CPU page lists", "", 0, 0, "linux|pcpbuddy|none"},
};

constexpr std::array kMachineSpecs{
    ParamSpec{"nodes", integer, "1", "NUMA nodes", "", 1, 8},
    ParamSpec{"cpus", integer, "1", "CPUs of all nodes together", "", 1, 4096},
    ParamSpec{"memory", size, "1GiB", "memory of all nodes together, at least 128MiB each", "", 128 * kMiB, 16 * kTiB},
    ParamSpec{"movablecore", size, "0", "of it, in ZONE_MOVABLE", "", 0, 16 * kTiB},
    ParamSpec{"cma", size, "0", "of it, in CMA blocks", "", 0, 16 * kTiB},
    ParamSpec{"hugetlb_1g", integer, "0", "1 GiB pages reserved at boot, spread over the nodes", "kernel: hugepages=",
              0, 16384},
    ParamSpec{"hugetlb_cma", size, "0", "of it, in CMA areas for 1 GiB pages; at most half of a node's last zone",
              "kernel: hugetlb_cma=", 0, 16 * kTiB},
    ParamSpec{"gigablock_order", integer, "18", "size of a gigablock, 18 for 1 GiB; smaller ones for small machines",
              "RFC: PUD_ORDER", 10, 18},
};

constexpr std::array kEntrySpecs{
    ParamSpec{"use", text, "", "a workload file"},
    ParamSpec{"model", text, "", "a model, in place of a file"},
    ParamSpec{"name", text, "", "tells instances apart"},
    ParamSpec{"scale", real, "1", "multiplies rates and sizes", "", 0, 1e6},
    ParamSpec{"start", time, "0s", "measured time it begins; absent: with the warm-up"},
    ParamSpec{"stop", time, "0s", "measured time it ends; absent: never"},
};

constexpr ParamSpec kAt{"at", time, "0s", "measured time"};
constexpr std::array kPlainSpecs{kAt};
constexpr std::array kAllocateSpecs{
    kAt,
    ParamSpec{"count", integer, "1", "1 GiB pages asked for", "", 1, 1e6},
    ParamSpec{"hold", time, "0s", "until they are freed; absent: kept"},
};
constexpr std::array kFreeSpecs{kAt, ParamSpec{"count", integer, "0", "1 GiB pages; 0: all", "", 0, 1e6}};
constexpr std::array kSetSpecs{
    kAt,
    ParamSpec{"tunable", text, "", "name"},
    ParamSpec{"value", text, "", "new value"},
};
constexpr std::array kWorkloadSpecs{kAt, ParamSpec{"workload", text, "", "name"}};

constexpr std::array<std::string_view, 1> kNeedsAt{"at"};
constexpr std::array<std::string_view, 3> kNeedsValue{"at", "tunable", "value"};
constexpr std::array<std::string_view, 2> kNeedsWorkload{"at", "workload"};

constexpr std::array kActions{
    ActionSchema{ActionKind::allocate_1g, kAllocateSpecs, kNeedsAt},
    ActionSchema{ActionKind::free_1g, kFreeSpecs, kNeedsAt},
    ActionSchema{ActionKind::set, kSetSpecs, kNeedsValue},
    ActionSchema{ActionKind::snapshot, kPlainSpecs, kNeedsAt},
    ActionSchema{ActionKind::compact_memory, kPlainSpecs, kNeedsAt},
    ActionSchema{ActionKind::drop_caches, kPlainSpecs, kNeedsAt},
    ActionSchema{ActionKind::stop_workload, kWorkloadSpecs, kNeedsWorkload},
    ActionSchema{ActionKind::start_workload, kWorkloadSpecs, kNeedsWorkload},
};

/** Specs refer to text, so the formatted defaults live beside them. */
struct CostSpecs {
  std::vector<std::string> defaults;
  std::vector<ParamSpec> specs;

  CostSpecs() {
    for (const CostEntry& entry : default_costs()) {
      defaults.push_back(format_time(entry.cost));
    }
    for (std::size_t i = 0; i < defaults.size(); ++i) {
      const CostEntry& entry = default_costs()[i];
      specs.push_back(ParamSpec{entry.name, time, defaults[i], "simulated time of one unit", entry.source});
    }
  }
};

}  // namespace

std::span<const ParamSpec> scenario_specs() { return kScenarioSpecs; }
std::span<const ParamSpec> machine_specs() { return kMachineSpecs; }
std::span<const ParamSpec> entry_specs() { return kEntrySpecs; }

std::span<const ParamSpec> cost_specs() {
  static const CostSpecs costs;
  return costs.specs;
}

const ActionSchema* find_action(std::string_view name) {
  const auto found = std::ranges::find(kActions, name, [](const ActionSchema& s) { return action_name(s.kind); });
  return found == kActions.end() ? nullptr : &*found;
}

std::span<const std::string_view> action_names() {
  static constexpr auto kNames = [] {
    std::array<std::string_view, kActions.size()> names{};
    std::ranges::transform(kActions, names.begin(), [](const ActionSchema& s) { return action_name(s.kind); });
    return names;
  }();
  return kNames;
}

bool is_plain_name(std::string_view name, bool allow_groups) {
  constexpr std::size_t kLongest = 64;
  const auto is_plain = [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || (allow_groups && c == '/');
  };
  return !name.empty() && name.size() <= kLongest && std::ranges::all_of(name, is_plain) && name.front() != '-' &&
         name.front() != '/' && name.back() != '/';
}

}  // namespace gbsim
