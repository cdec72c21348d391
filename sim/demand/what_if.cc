// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/what_if.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "sim/base/check.h"

namespace gbsim {

namespace {

constexpr std::int64_t kSamples = 200;
constexpr Ns kLeast{1'000'000};  // that a scenario may last, or wait between samples

nlohmann::ordered_json refusals(const DemandOutcome& demand) {
  auto rows = nlohmann::ordered_json::object();
  for (const auto& [order, count] : demand.refused) {
    rows[std::to_string(order)] = count;
  }
  return rows;
}

void set_tunable(Scenario& scenario, std::string_view name, const std::string& value) {
  const auto refused = scenario.tunables.set(name, value);
  GBSIM_CHECK(!refused);
}

}  // namespace

Scenario scenario_like(const RecordingWithMoments& recording, const std::string& name, std::uint64_t memory_bytes,
                       bool daemons) {
  const Ns length = std::max(recording.demand.end - recording.demand.begin, kLeast);
  Scenario scenario;
  scenario.name = name;
  scenario.machine.cpus = recording.demand.cpus;
  scenario.machine.memory = memory_bytes;
  scenario.duration = length;
  scenario.sample = std::max(length / kSamples, kLeast);
  for (const TunableSetting& setting : recording.tunables()) {
    set_tunable(scenario, setting.name, setting.value);
  }
  if (!daemons) {
    set_tunable(scenario, "vm.watermark_boost_factor", "0");
  }
  return scenario;
}

WhatIfEnding run_what_if(const WhatIf& what_if, RunObserver& observer) {
  WhatIfEnding ending;
  RunOptions options;
  options.daemons = what_if.daemons;
  RecordedWorkload* demand = nullptr;
  options.extra_workload = [&](WorkloadHost& host) {
    auto workload = std::make_unique<RecordedWorkload>(what_if.recording, host, ending.demand);
    demand = workload.get();
    return workload;
  };
  Simulation simulation(what_if.scenario, options, observer);
  ending.run = simulation.run();
  ending.signal = simulation.signal();
  if (demand != nullptr && ending.signal == 0) {
    demand->count_never_asked(what_if.scenario.warmup + what_if.scenario.duration);
  }
  return ending;
}

std::string what_if_json(const WhatIf& what_if, const WhatIfEnding& ending) {
  auto left_out = nlohmann::ordered_json::object();
  for (const auto& [kind, count] : what_if.recording.demand.left_out.counts()) {
    left_out[kind] = count;
  }
  const nlohmann::ordered_json json{{"mode", "what-if"},
                                    {"placement", what_if.scenario.placement},
                                    {"pcp", what_if.scenario.pcp},
                                    {"daemons", what_if.daemons},
                                    {"skipped", left_out},
                                    {"demand",
                                     {{"allocations", ending.demand.allocations},
                                      {"never_asked", ending.demand.never_asked},
                                      {"frees", ending.demand.frees},
                                      {"repeated", ending.demand.repeated},
                                      {"pages_1g", what_if.recording.demand.gigantic.size()},
                                      {"refused_by_order", refusals(ending.demand)},
                                      {"refused_pages", ending.demand.refused_pages.value}}}};
  return json.dump(1) + "\n";
}

}  // namespace gbsim
