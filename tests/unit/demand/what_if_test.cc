// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/what_if.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "demand_rig.h"

using namespace gbsim;
using test::alloc;
using test::freed;
using test::ms;

namespace {

/** A second in which an unmovable page and a huge page come, and the page goes. */
RecordingWithMoments short_recording() {
  RecordingWithMoments recording;
  recording.demand = test::demand_of({alloc(ms(0), 5), alloc(ms(300), 512, 9, Migratetype::movable), freed(ms(600), 5),
                                      alloc(ms(1000), 7)});
  return recording;
}

/** Free pages at every sample. */
class FreePages final : public RunObserver {
 public:
  void on_sample(const Sample& sample) override { free.push_back(sample.free_pages().value); }

  std::vector<std::uint64_t> free;
};

}  // namespace

TEST_CASE("a machine like the recorded one has its CPUs and runs as long as it") {
  const Scenario scenario = scenario_like(short_recording(), "short", std::uint64_t{256} << 20U, true);
  CHECK(scenario.duration == ms(1000));
  CHECK(scenario.sample == ms(5));
  CHECK(scenario.machine.cpus == 1);
  CHECK(scenario.workloads.empty());
}

TEST_CASE("without daemons nobody would take a watermark's boost back, so there is none") {
  const auto boost = [](bool daemons) {
    const Scenario scenario = scenario_like(short_recording(), "short", std::uint64_t{256} << 20U, daemons);
    return scenario.tunables.text("vm.watermark_boost_factor");
  };
  CHECK(boost(false) == "0");
  CHECK(boost(true) != "0");
}

// One simulation a process: what a run does is one case.
TEST_CASE("the demand is served on small gigablocks, and replay.json says how it fared") {
  const RecordingWithMoments recording = short_recording();
  Scenario scenario = scenario_like(recording, "short", std::uint64_t{256} << 20U, true);
  scenario.placement = "gigablock-bitmap";
  scenario.machine.gigablock_order = 14;
  FreePages observer;
  const WhatIf what_if{recording, scenario, true};
  const WhatIfEnding ending = run_what_if(what_if, observer);
  CHECK(ending.run.outcome == "completed");
  CHECK(ending.demand.allocations >= 2);
  REQUIRE(observer.free.size() == 201);
  CHECK(observer.free[20] - observer.free[100] >= 512);
  const auto json = nlohmann::json::parse(what_if_json(what_if, ending));
  CHECK(json["mode"] == "what-if");
  CHECK(json["placement"] == "gigablock-bitmap");
  CHECK(json["daemons"] == true);
  CHECK(json["demand"]["refused_by_order"].empty());
  CHECK(json["demand"]["frees"] == 1);
}
