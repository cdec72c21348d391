// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/workload_entry.h"

#include <doctest/doctest.h>

#include "fake_catalog.h"
#include "sim/scenario/text_file.h"

using namespace gbsim;

namespace {

/** Resolves one entry written as YAML. */
struct Resolved {
  std::vector<ScenarioWorkload> workloads;
  std::string errors;

  Resolved(const test::WorkloadDir& dir, std::string_view entry) {
    const test::FakeCatalog models;
    const std::vector<std::filesystem::path> dirs{dir.path()};
    Diagnostics found;
    const ErrorSink sink("s.yaml", found);
    const auto value = parse_yaml(entry, sink);
    REQUIRE(value.has_value());
    workloads = resolve_workload(*value, WorkloadSources{models, dirs}, sink);
    errors = test::join(found);
  }
};

}  // namespace

TEST_CASE("an entry overrides its workload file, which overrides the model") {
  const test::WorkloadDir dir("layers");
  dir.add("objects", "description: d\nsource: s\nmodel: slab\nset: {rate: 2/s, share: 10%}\n");
  const Resolved r(dir, "{use: objects, scale: 2, set: {share: 20%}}");
  CHECK(r.errors.empty());
  REQUIRE(r.workloads.size() == 1);
  CHECK(r.workloads[0].name == "objects");
  CHECK(r.workloads[0].model == "slab");
  CHECK(r.workloads[0].scale == 2.0);
  CHECK(r.workloads[0].params.real("rate") == 2.0);
  CHECK(r.workloads[0].params.real("share") == 0.2);
  CHECK(r.workloads[0].params.integer("processes.count") == 4);
}

TEST_CASE("a list in an entry replaces the whole list of the file") {
  const test::WorkloadDir dir("lists");
  dir.add("objects", "model: slab\nset: {caches: [{name: a}, {name: b}]}\n");
  const Resolved r(dir, "{use: objects, set: {caches: [{name: c}]}}");
  REQUIRE(r.workloads.size() == 1);
  REQUIRE(r.workloads[0].params.list("caches").size() == 1);
  CHECK(r.workloads[0].params.list("caches")[0].text("name") == "c");
}

TEST_CASE("a composition becomes named parts, scale multiplies, times and settings pass down") {
  const test::WorkloadDir dir("compose");
  dir.add("objects", "model: slab\nset: {rate: 2/s}\n");
  dir.add("inner", "compose: [{use: objects, scale: 3, set: {rate: 4/s, share: 5%}}]\nset: {objects.mode: bursty}\n");
  dir.add("outer", "compose: [{use: inner, scale: 2}, {model: skb, name: net, start: 1m}]\n");
  const Resolved r(dir, "{use: outer, name: all, scale: 0.5, start: 10s, stop: 5m, set: {inner.objects.rate: 8/s}}");
  CHECK(r.errors.empty());
  REQUIRE(r.workloads.size() == 2);
  CHECK(r.workloads[0].name == "all/inner/objects");
  CHECK(r.workloads[0].scale == 3.0);
  CHECK(r.workloads[0].params.real("rate") == 8.0);
  CHECK(r.workloads[0].params.real("share") == 0.05);
  CHECK(r.workloads[0].params.text("mode") == "bursty");
  CHECK(r.workloads[0].start == std::chrono::seconds(10));
  CHECK(r.workloads[1].name == "all/net");
  CHECK(r.workloads[1].start == std::chrono::minutes(1));
  CHECK(r.workloads[1].stop == std::chrono::minutes(5));
}

TEST_CASE("compositions that multiply are cut off") {
  const test::WorkloadDir dir("bomb");
  dir.add("a0", "model: slab\n");
  for (int i = 1; i <= 20; ++i) {
    const std::string use = "{use: a" + std::to_string(i - 1);
    dir.add("a" + std::to_string(i), "compose: [" + use + ", name: x}, " + use + ", name: y}]\n");
  }
  const Resolved r(dir, "{use: a20}");
  CHECK(r.workloads.size() <= 1000);
  CHECK(r.errors.find("too many parts; at most 1000 are allowed") != std::string::npos);
}

TEST_CASE("workload files are told by their keys and checked alone") {
  const test::WorkloadDir dir("alone");
  const test::FakeCatalog models;
  const std::vector<std::filesystem::path> dirs{dir.path()};
  Diagnostics errors;
  const ErrorSink sink("w.yaml", errors);
  const auto file = parse_yaml("model: slab\nset: {rate: 1}\n", sink);
  CHECK(looks_like_workload_file(*file));
  CHECK_FALSE(looks_like_workload_file(*parse_yaml("name: x\n", sink)));
  check_workload_file(*file, "w", WorkloadSources{models, dirs}, sink);
  CHECK(test::join(errors) == "w.yaml:2:13: error: rate: '1' is not a rate such as 20k/s or 300/min");
}

TEST_CASE("a workload file can be named by its path beside the scenario") {
  const test::WorkloadDir dir("path");
  const auto file = dir.add("objects", "model: slab\n");
  const Resolved r(dir, "{use: " + file.string() + "}");
  CHECK(r.errors.empty());
  REQUIRE(r.workloads.size() == 1);
  CHECK(r.workloads[0].name == "objects");
}

TEST_CASE("a text file comes back byte by byte") {
  const test::WorkloadDir dir("text");
  Diagnostics errors;
  CHECK(read_text_file(dir.add("a", "x\r\n\xc3\xa4"), ErrorSink("a", errors)) == "x\r\n\xc3\xa4");
  CHECK(errors.empty());
  CHECK_FALSE(read_text_file(dir.path() / "missing", ErrorSink("a", errors)).has_value());
  CHECK(test::join(errors) == "a: error: cannot be read: No such file or directory");
}
