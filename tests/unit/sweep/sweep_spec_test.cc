// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep_spec.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;

namespace {

/** Refuses keys that begin with "no.such", and sixty CPUs whatever else is set. */
Diagnostics check(const std::filesystem::path&, const std::vector<std::string>& settings) {
  Diagnostics errors;
  for (const std::string& each : settings) {
    if (each.starts_with("no.such")) {
      errors.push_back({.file = "--set " + each, .message = "unknown key"});
    }
    if (each == "machine.cpus=60") {
      errors.push_back({.file = "q.yaml", .at = {2, 10}, .message = "too many cpus"});
    }
  }
  return errors;
}

std::string joined(const Diagnostics& errors) {
  std::string all;
  for (const Diagnostic& error : errors) {
    all += to_string(error) + "\n";
  }
  return all;
}

std::optional<SweepSpec> spec_of(const TempDir& dir, const std::string& text, Diagnostics& errors) {
  return read_sweep(text, dir.path() / "s.yaml", check, errors);
}

constexpr const char* kFull = R"(name: full
base: ../q.yaml
set: {duration: 2m}
vary:
  thp.defrag: [always, defer]
  vm.swappiness: {from: 1, to: 100, steps: 3, scale: log}
method: latin-hypercube
points: 12
seeds: 3
where: [vm.swappiness > 5]
metrics: {thp: 100 * thp.success_rate, per: vmstat.compact_stall / vm.swappiness}
maximise: [thp]
minimise: [per]
until: confidence 90% width < 10%
)";

}  // namespace

TEST_CASE("a sweep file says everything about a sweep") {
  const TempDir dir;
  Diagnostics errors;
  const auto spec = spec_of(dir, kFull, errors);
  CAPTURE(errors.empty() ? std::string() : to_string(errors[0]));
  REQUIRE(spec);
  CHECK(spec->base == dir.path() / "../q.yaml");
  CHECK(spec->settings == std::vector<std::string>{"duration=2m"});
  CHECK(spec->axes[1].range->logarithmic);
  CHECK(spec->method == Method::latin_hypercube);
  CHECK(spec->points == 12);
  CHECK(spec->filters.size() == 1);
  CHECK(spec->metrics[1].name == "per");
  CHECK(!spec->objectives[1].maximise);
  CHECK(spec->until->confidence == doctest::Approx(0.9));
  CHECK(spec->until->width == doctest::Approx(0.1));
  CHECK(spec->until->metrics == std::vector<std::string>{"thp", "per"});
  CHECK(looks_like_sweep(kFull));
}

TEST_CASE("a number of points to draw contradicts a grid") {
  const TempDir dir;
  Diagnostics errors;
  CHECK(!spec_of(dir, "base: q.yaml\nvary: {vm.swappiness: [0, 100]}\npoints: 4\nmetrics: {thp: thp.success_rate}\n",
                 errors));
  REQUIRE(errors.size() == 1);
  CHECK(to_string(errors[0]).find("s.yaml:3:9: error: points: a grid has every combination") != std::string::npos);
}

TEST_CASE("every error of a sweep file is named with its place") {
  const TempDir dir;
  Diagnostics errors;
  CHECK(!spec_of(dir, R"(base: q.yaml
vary:
  no.such.key: [1]
  vm.swappiness: {from: 0, to: 100, scale: log}
  empty: []
  seed: [1, 2]
method: sobol
where: [thp.success_rate > 1]
metrics: {seed: thp.sucess_rate}
maximise: [thq]
until: soon
colour: red
)", errors));
  const std::string all = joined(errors);
  CAPTURE(all);
  for (const char* part : {"s.yaml:3:17: error: unknown key", "s.yaml:4:18: error: a log range",
                           "empty: a list of values", "s.yaml:6:3: error: the seed is not varied",
                           "points is missing", "'thp.success_rate' is not varied", "is a column of the results",
                           "did you mean 'thp.success_rate'", "unknown metric 'thq'", "until: 'confidence",
                           "unknown key 'colour'"}) {
    CAPTURE(part);
    CHECK(all.find(part) != std::string::npos);
  }
}

TEST_CASE("settings and levels are refused where they stand, and what holds for every level is said once") {
  Diagnostics errors;
  CHECK(!read_sweep(R"(base: q.yaml
name: a b
set: {vm.swappiness: 1, no.such.key: 2}
vary:
  no.such.level: [1, 2]
  vm.swappiness: [[1], 5]
  thp.defrag: always
metrics: {thp: thp.success_rate, THP: thp.fault_alloc}
)", "s.yaml", check, errors));
  CHECK(joined(errors) ==
        "s.yaml:2:7: error: 'a b' is no name; letters, digits, '-' and '_' are allowed\n"
        "s.yaml:3:38: error: unknown key\n"
        "s.yaml:5:19: error: unknown key\n"
        "s.yaml:6:19: error: vm.swappiness: a single value is needed, not a list\n"
        "s.yaml:7:15: error: thp.defrag: a list of values or a range {from, to, steps, scale}\n"
        "s.yaml:8:34: error: 'THP' is a column of the results already, capitals aside; choose another name\n");
}

TEST_CASE("a level that does not fit the base is refused with the base's own words") {
  Diagnostics errors;
  CHECK(!read_sweep("base: q.yaml\nvary: {machine.cpus: [6, 60]}\nmetrics: {thp: thp.success_rate}\n", "s.yaml",
                    check, errors));
  CHECK(joined(errors) == "s.yaml:2:26: error: q.yaml:2:10: error: too many cpus\n");
}

TEST_CASE("a range that cannot be logarithmic has no levels to try") {
  Diagnostics errors;
  CHECK(!read_sweep("base: q.yaml\nvary: {no.such.key: {from: 0, to: 9, scale: log}}\n"
                    "metrics: {thp: thp.success_rate}\n", "s.yaml", check, errors));
  CHECK(joined(errors) == "s.yaml:2:21: error: a log range needs ends above zero\n");
}

TEST_CASE("a scenario is not taken for a sweep") {
  Diagnostics errors;
  CHECK(!read_sweep("name: x\nmachine: {memory: 1GiB}\nduration: 1s\n", "s.yaml", check, errors));
  CHECK(joined(errors) == "s.yaml:1:1: error: a scenario, not a sweep; 'gbsim run' runs it\n");
}

TEST_CASE("what a sweep cannot do without is named") {
  const TempDir dir;
  Diagnostics errors;
  CHECK(!spec_of(dir, "name: x\n", errors));
  CHECK(errors.size() == 3);
  CHECK(!looks_like_sweep("name: x\n"));
}

TEST_CASE("a metric is an objective once") {
  const TempDir dir;
  Diagnostics errors;
  CHECK(!spec_of(dir, "base: q.yaml\nvary: {vm.swappiness: [1]}\nmetrics: {m: thp.success_rate}\nmaximise: [m]\n"
                      "minimise: [m]\n", errors));
  REQUIRE(errors.size() == 1);
  CHECK(to_string(errors.front()).find("s.yaml:5:11: error: minimise: 'm' is an objective already") !=
        std::string::npos);
}
