// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep_spec.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;

namespace {

/** Refuses the key "no.such.key". */
std::optional<std::string> check(const std::filesystem::path&, const std::vector<std::string>& settings) {
  const bool bad = std::ranges::any_of(settings, [](const std::string& each) { return each.starts_with("no.such"); });
  return bad ? std::optional<std::string>("unknown key") : std::nullopt;
}

std::optional<SweepSpec> spec_of(const TempDir& dir, const std::string& text, Diagnostics& errors) {
  std::ofstream(dir.path() / "s.yaml") << text;
  return read_sweep(dir.path() / "s.yaml", check, errors);
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
  CHECK(looks_like_sweep(dir.path() / "s.yaml"));
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
  std::string all;
  for (const Diagnostic& error : errors) {
    all += to_string(error) + "\n";
  }
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

TEST_CASE("what a sweep cannot do without is named") {
  const TempDir dir;
  Diagnostics errors;
  CHECK(!spec_of(dir, "name: x\n", errors));
  CHECK(errors.size() == 3);
  CHECK(!looks_like_sweep(dir.path() / "s.yaml"));
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
