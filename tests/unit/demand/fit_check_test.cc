// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/fit_check.h"

#include <doctest/doctest.h>

#include "demand_rig.h"
#include "sim/demand/fit_text.h"
#include "sim/workload/models.h"

using namespace gbsim;
using test::ms;

namespace {

/** The only model a fit names. */
class ChurnOnly final : public ModelCatalog {
 public:
  std::vector<std::string_view> names() const override { return {"churn"}; }
  std::optional<std::span<const ParamSpec>> params_of(std::string_view model) const override {
    return model == "churn" ? std::optional(churn_model().params) : std::nullopt;
  }
};

FitTrial trial() {
  FittedClass stays;
  stays.name = "stays-movable";
  stays.type = Migratetype::movable;
  stays.gfp = "HIGHUSER_MOVABLE";
  stays.lru = "inactive_anon";
  stays.burst = {512};
  stays.initial = 10;
  const ChurnFit fit{.classes = {stays}, .length = ms(100), .cpus = 2, .managed = NrPages{65536}};
  FitTrial result;
  result.workload = workload_text(fit, "s", "c");
  result.moments = {ms(10), ms(90)};
  result.length = fit.length;
  result.cpus = fit.cpus;
  result.managed = fit.managed;
  result.tunables = {{"kernel.rules", "6.1"}, {"vm.watermark_boost_factor", "0"}};
  return result;
}

}  // namespace

TEST_CASE("the machine of a trial manages what was asked for, to one block of the largest order") {
  const Scenario scenario = trial_scenario(trial(), ChurnOnly());
  CHECK(scenario.machine.cpus == 2);
  CHECK(scenario.machine.memory == memory_managing(NrPages{65536}));
  CHECK(scenario.timeline.size() == 2);
  CHECK(scenario.tunables.text("kernel.rules") == "6.1");
  CHECK(scenario.tunables.text("vm.watermark_boost_factor") == "0");
}

TEST_CASE("a workload file that cannot be run is named an error") {
  FitTrial broken = trial();
  broken.workload = "model: churn\nset: {classes: [{order: fixed x}]}\n";
  CHECK_THROWS_AS(trial_scenario(broken, ChurnOnly()), std::runtime_error);
}

TEST_CASE("the same trial runs the same every time, and holds what the fit says") {
  const auto first = run_trial_apart(trial(), ChurnOnly());
  REQUIRE(first.size() == 2);
  CHECK(first[0].time == ms(10));
  const std::uint64_t held = first[1].managed.value - first[1].free().value - first[1].pcp.value;
  CHECK(held == 5120);
  const auto second = run_trial_apart(trial(), ChurnOnly());
  CHECK(second[1].free_blocks == first[1].free_blocks);
}

TEST_CASE("a trial that cannot be run apart says so") {
  FitTrial broken = trial();
  broken.workload = "model: churn\nset: {classes: [{order: fixed x}]}\n";
  CHECK_THROWS_AS(run_trial_apart(broken, ChurnOnly()), std::runtime_error);
}
