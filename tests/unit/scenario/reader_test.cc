// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/reader.h"

#include <doctest/doctest.h>

#include <string>

#include "fake_catalog.h"
#include "sim/base/random.h"
#include "sim/scenario/model_catalog.h"

using namespace gbsim;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr std::string_view kEverything = R"(# every section once
name: everything
description: for the tests
machine: {nodes: 2, cpus: 8, memory: 16GiB, movablecore: 1GiB, cma: 64MiB}
warmup: 10m
duration: 2h
seed: 7
sample: 5s
placement: linux
pcp: none
tunables: {vm.swappiness: 10, thp.enabled: madvise}
costs: {migrate_page: 2.5us}
workloads:
  - {model: slab, scale: 0.5, set: {rate: 20k/s, caches: [{name: dentry, object_size: 192}]}}
  - {model: skb, name: net, start: 10m, stop: 110m}
timeline:
  - {at: 90m, do: allocate_1g, count: 50, hold: 20m}
  - {at: 1h, do: set, tunable: vm.compaction_proactiveness, value: 0}
  - {at: 1h, do: stop_workload, workload: net}
)";

ReadResult read(std::string_view text, std::vector<Override> overrides = {}) {
  static const test::FakeCatalog models;
  return read_scenario_text(text, "s.yaml", {.models = models, .overrides = std::move(overrides)});
}

Scenario read_good(std::string_view text, std::vector<Override> overrides = {}) {
  auto result = read(text, std::move(overrides));
  CAPTURE(test::join(result.errors));
  REQUIRE(result.scenario.has_value());
  return std::move(*result.scenario);
}

}  // namespace

TEST_CASE("every section of a scenario reaches its field") {
  const Scenario s = read_good(kEverything);
  CHECK(s.name == "everything");
  CHECK(s.machine.nodes == 2);
  CHECK(s.machine.cpus == 8);
  CHECK(s.machine.memory == 16ULL << 30);
  CHECK(s.machine.movablecore == 1ULL << 30);
  CHECK(s.machine.cma == 64ULL << 20);
  CHECK(s.warmup == minutes(10));
  CHECK(s.duration == hours(2));
  CHECK(s.seed == 7);
  CHECK(s.sample == std::chrono::seconds(5));
  CHECK(s.pcp == "none");
  CHECK(to_tunables(s.tunables).swappiness == 10);
  CHECK(to_tunables(s.tunables).thp_enabled == ThpEnabled::madvise);
  CHECK(s.costs.of(WorkKind::migrate_page) == Ns{2500});
  CHECK(s.costs.of(WorkKind::fault) == CostTable{}.of(WorkKind::fault));
}

TEST_CASE("workloads carry their parameters, scale and times") {
  const Scenario s = read_good(kEverything);
  REQUIRE(s.workloads.size() == 2);
  CHECK(s.workloads[0].name == "slab");
  CHECK(s.workloads[0].scale == 0.5);
  CHECK(s.workloads[0].params.real("rate") == 20e3);
  CHECK(s.workloads[0].params.integer("processes.count") == 4);
  REQUIRE(s.workloads[0].params.list("caches").size() == 1);
  CHECK(s.workloads[0].params.list("caches")[0].bytes("object_size") == 192);
  CHECK_FALSE(s.workloads[0].start.has_value());
  CHECK(s.workloads[1].name == "net");
  CHECK(s.workloads[1].model == "skb");
  CHECK(s.workloads[1].start == minutes(10));
  CHECK(s.workloads[1].stop == minutes(110));
}

TEST_CASE("timeline actions come in order of time, ties in file order") {
  const Scenario s = read_good(kEverything);
  REQUIRE(s.timeline.size() == 3);
  CHECK(s.timeline[0].kind == ActionKind::set);
  CHECK(s.timeline[0].tunable == "vm.compaction_proactiveness");
  CHECK(s.timeline[0].value == "0");
  CHECK(s.timeline[1].kind == ActionKind::stop_workload);
  CHECK(s.timeline[1].workload == "net");
  CHECK(s.timeline[2].at == minutes(90));
  CHECK(s.timeline[2].count == 50);
  CHECK(s.timeline[2].hold == minutes(20));
}

TEST_CASE("what a scenario leaves out has its default") {
  const Scenario s = read_good(test::good_scenario());
  CHECK(s.warmup == Ns{0});
  CHECK(s.seed == 1);
  CHECK(s.sample == std::chrono::seconds(10));
  CHECK(s.placement == "linux");
  CHECK(s.workloads.empty());
  CHECK(s.timeline.empty());
}

TEST_CASE("a scenario in CRLF or behind a byte order mark reads the same") {
  CHECK(read_good("name: a\r\nmachine: {memory: 1GiB}\r\nduration: 1s\r\n").name == "a");
  CHECK(read_good("\xef\xbb\xbfname: a\nmachine: {memory: 1GiB}\nduration: 1s\n").name == "a");
}

TEST_CASE("overrides reach every kind of key") {
  const auto set = [](std::string_view text) { return *parse_override(text); };
  const Scenario s = read_good(kEverything, {set("duration=3h"), set("machine.memory=32GiB"), set("vm.swappiness=30"),
                                             set("tunables.vm.dirty_ratio=5"), set("costs.fault=1us"),
                                             set("workloads.slab.rate=5/s"), set("workloads.slab.scale=2"),
                                             set("workloads.slab.start=1m"), set("workloads.net.set.sockets=9")});
  CHECK(s.duration == hours(3));
  CHECK(s.machine.memory == 32ULL << 30);
  CHECK(to_tunables(s.tunables).swappiness == 30);
  CHECK(to_tunables(s.tunables).dirty_ratio == 5);
  CHECK(s.costs.of(WorkKind::fault) == Ns{1000});
  CHECK(s.workloads[0].params.real("rate") == 5.0);
  CHECK(s.workloads[0].scale == 2.0);
  CHECK(s.workloads[0].start == minutes(1));
  CHECK(s.workloads[1].params.integer("sockets") == 9);
}

TEST_CASE("an override can supply what the file lacks, and the last one wins") {
  const Scenario s = read_good("name: a\nmachine: {memory: 1GiB}\n",
                               {*parse_override("duration=1h"), *parse_override("duration=2h")});
  CHECK(s.duration == hours(2));
}

TEST_CASE("overrides cannot end a workload before it starts") {
  const std::string text = test::good_scenario("workloads: [{model: slab}]\n");
  CHECK(test::join(read(text, {*parse_override("workloads.slab.stop=1m"), *parse_override("workloads.slab.start=2m")})
                       .errors) == "s.yaml:4:12: error: workload 'slab': stop must be later than start");
  CHECK(read(text, {*parse_override("workloads.slab.stop=2m"), *parse_override("workloads.slab.start=1m")}).scenario);
}

TEST_CASE("a bad override is reported as the user wrote it") {
  const auto error_of = [](const char* text) { return test::join(read(kEverything, {*parse_override(text)}).errors); };
  CHECK(error_of("wramup=1m") == "--set wramup=1m: error: unknown key 'wramup'; did you mean 'warmup'?");
  CHECK(error_of("duration=soon") ==
        "--set duration=soon: error: duration: 'soon' is not a time such as 10us or 2h30m");
  CHECK(error_of("machine.cpu=3") ==
        "--set machine.cpu=3: error: unknown key 'machine.cpu'; did you mean 'machine.cpus'?");
  CHECK(error_of("pcp=slub") == "--set pcp=slub: error: pcp: 'slub' is not one of linux, pcpbuddy, none");
  CHECK(error_of("workloads.salb.rate=1/s") ==
        "--set workloads.salb.rate=1/s: error: unknown workload 'salb'; did you mean 'slab'? "
        "The form is workloads.NAME.KEY=VALUE");
  CHECK(error_of("workloads.slab.rat=1/s") ==
        "--set workloads.slab.rat=1/s: error: unknown key 'rat'; did you mean 'rate'?");
  CHECK(error_of("workloads.slab.caches=1") ==
        "--set workloads.slab.caches=1: error: caches: is a list; lists are set in a file");
  CHECK(error_of("workloads.kasan.rate=1/s") ==
        "--set workloads.kasan.rate=1/s: error: unknown workload 'kasan'; known are slab, net; "
        "the form is workloads.NAME.KEY=VALUE");
}

TEST_CASE("an override of what is no single value says so") {
  const auto error_of = [](const char* text) { return test::join(read(kEverything, {*parse_override(text)}).errors); };
  CHECK(error_of("timeline=[]") == "--set timeline=[]: error: timeline: is a list; lists are set in a file");
  CHECK(error_of("timeline.0.at=1m") == "--set timeline.0.at=1m: error: timeline: is a list; lists are set in a file");
  CHECK(error_of("workloads=[]") == "--set workloads=[]: error: workloads: is a list; lists are set in a file, "
                                    "keys of a workload by workloads.NAME.KEY=VALUE");
  CHECK(error_of("machine={}") == "--set machine={}: error: machine: is a map; its keys are set one by one, "
                                  "machine.KEY=VALUE");
  const std::string unknown = error_of("quux=1");
  CHECK(unknown.starts_with("--set quux=1: error: unknown key 'quux'; none of the "));
  CHECK(unknown.ends_with(" known is like it; 'gbsim tunables' lists most"));
}

TEST_CASE("an override is KEY=VALUE") {
  CHECK(parse_override("a=b=c")->key == "a");
  CHECK(parse_override("a=b=c")->value == "b=c");
  CHECK(parse_override("a=")->value.empty());
  CHECK_FALSE(parse_override("a").has_value());
  CHECK_FALSE(parse_override("=a").has_value());
}

TEST_CASE("a file that is not there, or is a directory, is one error") {
  const test::FakeCatalog models;
  CHECK(test::join(read_scenario("/nonexistent/a.yaml", {.models = models}).errors) ==
        "/nonexistent/a.yaml: error: cannot be read: No such file or directory");
  CHECK(test::join(read_scenario("/", {.models = models}).errors) ==
        "/: error: is a directory; a YAML file is needed");
}

TEST_CASE("checking a text tells scenarios from workload files") {
  const test::FakeCatalog models;
  const test::WorkloadDir dir("check-text");
  dir.add("objects", "model: slab\nset: {rate: 2/s}\n");
  const ReadOptions options{.models = models, .workload_dirs = {dir.path()}};
  CHECK(check_text(test::good_scenario(), "good.yaml", options).empty());
  CHECK(check_text("model: slab\nset: {rate: 2/s}\n", "objects.yaml", options).empty());
  CHECK(check_text("compose: [{use: objects, scale: 2}, {model: skb}]\n", "pair.yaml", options).empty());
  CHECK(test::join(check_text("model: slab\nset: {rat: 2/s}\n", "bad.yaml", options)) ==
        "bad.yaml:2:7: error: unknown key 'rat'; did you mean 'rate'?");
}

TEST_CASE("no mutation of a good file makes the reader fail otherwise than with errors") {
  constexpr std::string_view kSpice = "{}[]:,-?&*!|>'\"%@`#~ \n\t<=0x\x01\xff";
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    CAPTURE(seed);
    RandomStream stream(seed, "mutations");
    std::string text(kEverything);
    for (auto n = 1 + stream.below(6); n > 0; --n) {
      const auto at = stream.below(text.size());
      const char spice = kSpice[stream.below(kSpice.size())];
      switch (stream.below(4)) {
        case 0:
          text[at] = spice;
          break;
        case 1:
          text.insert(at, 1, spice);
          break;
        case 2:
          text.erase(at, 1 + stream.below(5));
          break;
        default:
          text.insert(at, text.substr(stream.below(text.size()), stream.below(40)));
      }
    }
    const auto result = read(text);
    REQUIRE(result.scenario.has_value() == result.errors.empty());
  }
}

TEST_CASE("no prefix of a good file makes the reader fail otherwise than with errors") {
  for (std::size_t length = 0; length < kEverything.size(); ++length) {
    const auto result = read(kEverything.substr(0, length));
    REQUIRE(result.scenario.has_value() == result.errors.empty());
  }
}
