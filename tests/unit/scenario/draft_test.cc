// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/draft.h"

#include <doctest/doctest.h>

#include "fake_catalog.h"
#include "sim/scenario/param_values.h"
#include "sim/scenario/timeline_reader.h"

using namespace gbsim;

namespace {

ScenarioWorkload workload(std::string name) {
  ScenarioWorkload result;
  result.name = std::move(name);
  result.model = "slab";
  result.params = Params(test::kSlabSpecs);
  return result;
}

/** The actions and errors of a timeline written as YAML, with workloads "mix/a" and "net". */
std::pair<std::vector<TimelineAction>, std::string> timeline(std::string_view text) {
  Diagnostics errors;
  const ErrorSink sink("t", errors);
  const std::vector workloads{workload("mix/a"), workload("net")};
  auto actions = read_timeline(*parse_yaml(text, sink), workloads, sink);
  return {std::move(actions), test::join(errors)};
}

}  // namespace

TEST_CASE("an override of a group reaches all of its parts") {
  ScenarioDraft draft;
  draft.workloads = {workload("mix/a"), workload("mix/b"), workload("other")};
  CHECK_FALSE(apply_override(draft, "workloads.mix.scale", "3").has_value());
  CHECK_FALSE(apply_override(draft, "workloads.mix/b.rate", "7/s").has_value());
  CHECK_FALSE(apply_override(draft, "workloads.other.stop", "1m").has_value());
  CHECK(draft.workloads[0].scale == 3.0);
  CHECK(draft.workloads[1].scale == 3.0);
  CHECK(draft.workloads[2].scale == 1.0);
  CHECK(draft.workloads[1].params.real("rate") == 7.0);
  CHECK(draft.workloads[2].stop == std::chrono::minutes(1));
}

TEST_CASE("a refused override changes nothing") {
  ScenarioDraft draft;
  draft.workloads = {workload("a")};
  CHECK(apply_override(draft, "workloads.a.scale", "-1").has_value());
  CHECK(apply_override(draft, "workloads.a.start", "soon").has_value());
  CHECK(apply_override(draft, "workloads.a", "1") ==
        "'workloads.a' is no key; the form is workloads.NAME.KEY=VALUE");
  CHECK(apply_override(draft, "seed", "x").has_value());
  CHECK(draft.workloads[0].scale == 1.0);
  CHECK_FALSE(draft.workloads[0].start.has_value());
  CHECK(draft.top.integer("seed") == 1);
}

TEST_CASE("a draft becomes a scenario field by field") {
  ScenarioDraft draft;
  REQUIRE_FALSE(apply_override(draft, "name", "x").has_value());
  REQUIRE_FALSE(apply_override(draft, "machine.cpus", "6").has_value());
  REQUIRE_FALSE(apply_override(draft, "costs.fault", "1us").has_value());
  const Scenario scenario = to_scenario(std::move(draft));
  CHECK(scenario.name == "x");
  CHECK(scenario.machine.cpus == 6);
  CHECK(scenario.costs.of(WorkKind::fault) == Ns{1000});
}

TEST_CASE("a timeline may name a group of workloads") {
  const auto [actions, errors] = timeline("[{at: 2m, do: stop_workload, workload: mix}, {at: 1m, do: free_1g}]");
  CHECK(errors.empty());
  REQUIRE(actions.size() == 2);
  CHECK(actions[0].kind == ActionKind::free_1g);
  CHECK(actions[0].count == 0);
  CHECK(actions[1].workload == "mix");
}

TEST_CASE("one bad action does not hide the next") {
  const auto [actions, errors] = timeline("[{do: snapshot}, {at: 1m}, {at: 1m, do: snapshot}]");
  CHECK(actions.size() == 1);
  CHECK(errors.find("t:1:2: error: snapshot needs at") == 0);
  CHECK(errors.find("t:1:18: error: a timeline action needs do: allocate_1g") != std::string::npos);
}

TEST_CASE("keys of another reader are passed over") {
  Diagnostics errors;
  const ErrorSink sink("p", errors);
  Params params(machine_specs());
  constexpr std::array<std::string_view, 1> kElsewhere{"set"};
  read_params(*parse_yaml("{cpus: 3, set: {a: 1}}", sink), params, sink, kElsewhere);
  CHECK(errors.empty());
  CHECK(params.integer("cpus") == 3);
}

TEST_CASE("an unknown name is told with the nearest known one") {
  constexpr std::array<std::string_view, 2> kKnown{"slab", "skb"};
  CHECK(unknown_name("model", "slob", kKnown) == "unknown model 'slob'; did you mean 'slab'?");
  CHECK(unknown_name("model", "slob", {}) == "unknown model 'slob'; there are none");
  CHECK(unknown_key("cpu", machine_specs()) == "unknown key 'cpu'; did you mean 'cpus'?");
}
