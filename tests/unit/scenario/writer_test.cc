// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/writer.h"

#include <doctest/doctest.h>

#include <string>

#include "fake_catalog.h"
#include "sim/base/random.h"

using namespace gbsim;

namespace {

Scenario read_good(std::string_view text, const std::filesystem::path& dir = {}) {
  const test::FakeCatalog models;
  auto result = read_scenario_text(text, "s.yaml", {.models = models, .workload_dirs = {dir}});
  CAPTURE(test::join(result.errors));
  REQUIRE(result.scenario.has_value());
  return std::move(*result.scenario);
}

constexpr std::string_view kRest = R"(warmup: 90s
seed: 12
tunables: {vm.swappiness: 10, disk.latency: 1.5ms}
costs: {migrate_page: 2.5us}
workloads:
  - {model: slab, scale: 0.1, set: {rate: 1.5k/s, caches: [{name: a}, {lifetime: lognormal 1s p90 4s}]}}
  - {model: slab, name: empty, set: {caches: []}}
  - {model: skb, name: net, start: 0s, stop: 1m}
timeline:
  - {at: 0, do: snapshot}
  - {at: 90m, do: allocate_1g, count: 50, hold: 0s}
  - {at: 90m, do: free_1g}
  - {at: 1h, do: set, tunable: vm.defrag_mode, value: true}
  - {at: 2h, do: stop_workload, workload: net}
)";

}  // namespace

TEST_CASE("a written scenario reads back and writes the same again") {
  const std::string once = write_scenario(read_good(test::good_scenario(kRest)));
  const Scenario again = read_good(once);
  CHECK(write_scenario(again) == once);
  CHECK(again.warmup == std::chrono::seconds(90));
  CHECK(again.workloads[0].scale == 0.1);
  CHECK(again.workloads[0].params.list("caches").size() == 2);
  CHECK(again.workloads[0].params.text("rate") == "1.5k/s");
  CHECK(again.workloads[2].start == Ns{0});
  CHECK(again.timeline.size() == 5);
  CHECK(again.timeline[4].workload == "net");
  CHECK(again.costs.of(WorkKind::migrate_page) == Ns{2500});
}

TEST_CASE("what is at its default is so after reading back, and an empty list stays set") {
  const Scenario again = read_good(write_scenario(read_good(test::good_scenario(kRest))));
  CHECK(again.workloads[0].params.is_default("mode"));
  CHECK_FALSE(again.workloads[0].params.is_default("rate"));
  CHECK_FALSE(again.workloads[1].params.is_default("caches"));
  CHECK(again.workloads[1].params.list("caches").empty());
  CHECK_FALSE(again.workloads[0].start.has_value());
}

TEST_CASE("a written scenario needs no workload files") {
  const test::WorkloadDir dir("writer");
  dir.add("objects", "model: slab\nset: {rate: 9/s}\n");
  dir.add("mix", "compose: [{use: objects}, {model: skb, name: net}]\n");
  const Scenario scenario = read_good(test::good_scenario("workloads: [{use: mix, scale: 3}]\n"), dir.path());
  const Scenario again = read_good(write_scenario(scenario));
  REQUIRE(again.workloads.size() == 2);
  CHECK(again.workloads[0].name == "mix/objects");
  CHECK(again.workloads[0].params.real("rate") == 9.0);
  CHECK(again.workloads[1].name == "mix/net");
  CHECK(again.workloads[1].scale == 3.0);
}

TEST_CASE("any text survives writing and reading") {
  constexpr std::string_view kLetters = "ab:#{}[],&*!|>'\"%@`~- \\\t\n?<=0x.\xc3\xa4";
  RandomStream stream(1, "texts");
  Scenario scenario = read_good(test::good_scenario("workloads: [{model: slab}]\n"));
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (auto n = stream.below(12); n > 0; --n) {
      text += kLetters[stream.below(kLetters.size() - 2)];
    }
    text += i % 3 == 0 ? "\xc3\xa4" : "";
    CAPTURE(text);
    REQUIRE_FALSE(scenario.workloads[0].params.set("note", text).has_value());
    const Scenario again = read_good(write_scenario(scenario));
    REQUIRE(again.workloads[0].params.text("note") == text);
  }
  for (const auto* text : {"null", "~", "Null", "true", "---", "...", "- a", "%TAG", "<<", "a: b", "a #b", " a",
                           "a "}) {
    REQUIRE_FALSE(scenario.workloads[0].params.set("note", text).has_value());
    REQUIRE(read_good(write_scenario(scenario)).workloads[0].params.text("note") == text);
  }
}
