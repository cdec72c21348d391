// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/bounds.h"

#include <doctest/doctest.h>

#include <fstream>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;

namespace {

const std::vector<std::string> kSubjects{"linux", "confined"};

std::vector<Bound> bounds_of(const TempDir& dir, const std::string& text, Diagnostics& errors) {
  std::ofstream(dir.path() / "expect.yaml") << text;
  return read_bounds(dir.path() / "expect.yaml", kSubjects, errors);
}

Measured measured(const std::string&, const std::string& subject) {
  const double shift = subject == "linux" ? 0 : 10;
  return {spread_of({1 + shift, 2 + shift, 6 + shift}), subject == "linux" ? 1.0 : 6.0};
}

}  // namespace

TEST_CASE("a bound holds or breaks for each subject it is about") {
  const TempDir dir;
  Diagnostics errors;
  const auto bounds = bounds_of(dir, R"(expect:
  - {metric: thp.success_rate, max: 2}
  - {metric: thp.success_rate, of: confined, statistic: ratio, min: 6, max: 6}
  - {metric: thp.success_rate, of: linux, statistic: max, min: 6.5}
)", errors);
  REQUIRE(errors.empty());
  const auto verdicts = judge(bounds, kSubjects, measured);
  REQUIRE(verdicts.size() == 4);
  CHECK(verdicts[0].holds);
  CHECK(!verdicts[1].holds);
  CHECK(verdicts[2].holds);
  CHECK(to_string(verdicts[3]) == "max of thp.success_rate, linux: 6, at least 6.5: BROKEN");
}

TEST_CASE("no value breaks a bound") {
  const Bound bound{.metric = "thp.success_rate", .max = 100};
  const auto none = [](const std::string&, const std::string&) { return Measured{}; };
  const auto verdicts = judge({&bound, 1}, {kSubjects.data(), 1}, none);
  REQUIRE(verdicts.size() == 1);
  CHECK(!verdicts[0].holds);
  CHECK(to_string(verdicts[0]).find("no value") != std::string::npos);
}

TEST_CASE("every error of a file of bounds is named with its place") {
  const TempDir dir;
  Diagnostics errors;
  bounds_of(dir, R"(expect:
  - {metric: thp.sucess_rate, max: 2}
  - {metric: thp.success_rate}
  - {metric: thp.success_rate, of: linus, min: 3, max: 2}
  - {max: 2, statistc: mean}
)", errors);
  REQUIRE(errors.size() == 6);
  CHECK(to_string(errors[0]).find("expect.yaml:2:14: error: summary.json has no") != std::string::npos);
  CHECK(errors[1].message == "a bound needs min, max or both");
  CHECK(errors[3].message.find("'linux'") != std::string::npos);
}

TEST_CASE("a file of bounds has a list under expect") {
  const TempDir dir;
  Diagnostics errors;
  CHECK(bounds_of(dir, "expects: []\n", errors).empty());
  CHECK(errors.size() == 2);
}

TEST_CASE("limits are told with the number they are about, unless it is the median") {
  Bound bound{.metric = "thp.success_rate", .min = 1, .max = 8};
  CHECK(limits_text(bound) == "at least 1, at most 8");
  bound.statistic = Statistic::max;
  bound.min.reset();
  CHECK(limits_text(bound) == "max at most 8");
}
