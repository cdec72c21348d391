// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/params.h"
#include "sim/base/tunables.h"
#include "sim/base/types.h"
#include "sim/base/work.h"

namespace gbsim {

/** The machine of a scenario; sizes in bytes. */
struct ScenarioMachine {
  unsigned nodes = 1;
  unsigned cpus = 1;
  std::uint64_t memory = 0;
  std::uint64_t movablecore = 0;  // of memory, in ZONE_MOVABLE
  std::uint64_t cma = 0;
  unsigned hugetlb_1g = 0;        // 1 GiB pages reserved at boot
  std::uint64_t hugetlb_cma = 0;  // of memory, in CMA areas for 1 GiB pages
  unsigned gigablock_order = 18;  // base pages of a gigablock: 18 is 1 GiB
};

/** One instance of a workload model with every parameter decided. */
struct ScenarioWorkload {
  std::string name;         // unique; "group/part" if it came from a composed workload file
  std::string model;
  double scale = 1;
  std::optional<Ns> start;  // measured time; nullopt: from the beginning of the warm-up
  std::optional<Ns> stop;   // measured time; nullopt: never
  Params params;
};

/** What the timeline can do. */
enum class ActionKind : std::uint8_t {
  allocate_1g, free_1g, set, snapshot, compact_memory, drop_caches, stop_workload, start_workload
};

/** What an operator does at one time. Fields that a kind does not use keep their defaults. */
struct TimelineAction {
  Ns at{0};  // measured time: zero is the end of the warm-up
  ActionKind kind = ActionKind::snapshot;
  unsigned count = 0;        // of 1 GiB pages; free_1g: 0 means all
  std::optional<Ns> hold{};  // allocate_1g: free them after this long; nullopt keeps them
  std::string tunable{};
  std::string value{};
  std::string workload{};    // an instance's name, or a group's
};

/** The name of @kind under `do:`. */
constexpr std::string_view action_name(ActionKind kind) {
  constexpr std::array<std::string_view, 8> kNames{"allocate_1g",    "free_1g",     "set",           "snapshot",
                                                   "compact_memory", "drop_caches", "stop_workload", "start_workload"};
  return kNames[static_cast<std::size_t>(kind)];
}

/** Everything a run needs, checked and complete. */
struct Scenario {
  std::string name;
  ScenarioMachine machine;
  Ns warmup{0};
  Ns duration{0};
  std::uint64_t seed = 1;
  Ns sample{10'000'000'000};
  std::string placement = "linux";
  std::string pcp = "linux";
  Params tunables{tunable_specs()};
  CostTable costs;
  std::vector<ScenarioWorkload> workloads;
  std::vector<TimelineAction> timeline;  // by time, ties in file order
};

/** Whether the instance @instance is meant by @name: itself, or a part of the group of that name. */
bool names_workload(std::string_view name, std::string_view instance);

}  // namespace gbsim
