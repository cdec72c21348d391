// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/comparison.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "sim/sweep/comparison_plot.h"

using namespace gbsim;

namespace {

ComparisonPlan toy_plan() {
  ComparisonPlan plan;
  plan.scenario = "toy.yaml";
  plan.name = "toy";
  plan.dir = "out";
  plan.placements = {"linux", "confined"};
  plan.seeds = {1, 2, 3};
  plan.metrics = {{"THP (%)", "100 * thp.success_rate"}};
  return plan;
}

RunOutcome completed(double success_rate) {
  const std::string json = R"({"outcome": "completed", "thp": {"success_rate": )" + std::to_string(success_rate) + "}}";
  return {"completed", "", RunSummary::parse(json)};
}

/** All runs ended: linux has 0.1 to 0.3, confined twice that, and its last seed crashed. */
Comparison ended_comparison() {
  Comparison comparison(toy_plan());
  while (const auto run = comparison.next()) {
    const bool confined = run->settings.back() == "placement=confined";
    const bool crashes = confined && run->seed == 3;
    comparison.ended(*run, crashes ? RunOutcome{"crashed", "signal 11"}
                                   : completed(0.1 * static_cast<double>(run->seed) * (confined ? 2 : 1)));
  }
  return comparison;
}

}  // namespace

TEST_CASE("placements take turns, seed by seed, each in its own directory") {
  Comparison comparison(toy_plan());
  CHECK(comparison.total() == 6);
  CHECK(comparison.next()->dir == "out/linux-1");
  CHECK(comparison.next()->dir == "out/confined-1");
  CHECK(comparison.next()->dir == "out/linux-2");
}

TEST_CASE("median, range and ratio to the first, a failed run is left out and named") {
  const Comparison comparison = ended_comparison();
  CHECK(comparison.failed() == 1);
  CHECK(comparison.failures() == std::vector<std::string>{"out/confined-3: crashed: signal 11"});
  const Measured measured = comparison.measured("thp.success_rate", "confined");
  CHECK(measured.spread.count == 2);
  CHECK(measured.spread.median == doctest::Approx(0.3));
  CHECK(measured.ratio.value() == doctest::Approx(1.5));
}

TEST_CASE("the table shows medians, ranges and ratios in columns") {
  const std::string table = comparison_table(ended_comparison());
  CHECK(table ==
        "metric   linux  min..max  confined  min..max  ratio\n"
        "THP (%)     20    10..30        30    20..40   x1.5\n");
}

TEST_CASE("the CSV has a row a metric and placement") {
  const std::string csv = comparison_csv(ended_comparison());
  CHECK(csv.find("metric,formula,placement,runs,median") == 0);
  CHECK(csv.find("THP (%),100 * thp.success_rate,linux,3,20,10,") != std::string::npos);
}

TEST_CASE("the JSON has values, failures and verdicts") {
  const Verdict verdict{{.metric = "thp.success_rate", .max = 1}, "linux", 0.2, true};
  const std::string json = comparison_json(ended_comparison(), {&verdict, 1});
  for (const char* part : {"\"schema\": 1", "out/confined-3: crashed", "\"holds\": true", "\"ratio\": 1.5"}) {
    CAPTURE(part);
    CHECK(json.find(part) != std::string::npos);
  }
}

TEST_CASE("the picture has a point a run") {
  const std::string script = comparison_script(ended_comparison());
  CHECK(script.find("set xtics (\"linux\" 0, \"confined\" 1)") != std::string::npos);
  CHECK(script.find("-0.200,10") != std::string::npos);
}

TEST_CASE("a placement that got no 1 GiB page has no latency of served requests") {
  ComparisonPlan plan = toy_plan();
  plan.seeds = {1};
  Comparison comparison(plan);
  while (const auto run = comparison.next()) {
    const bool served = run->settings.back() == "placement=confined";
    const std::string json = std::string(R"({"outcome": "completed", "hugepages_1g": {"latency_p50_ns": 7000000, )") +
                             (served ? R"("allocated": 2, "latency_served_p50_ns": 3000000}})"
                                     : R"("allocated": 0, "latency_served_p50_ns": 0}})");
    comparison.ended(*run, {"completed", "", RunSummary::parse(json)});
  }
  const auto metrics = default_metrics("1 GiB");
  const auto latency = std::ranges::find(metrics, "1 GiB latency p50, served (ms)", &ComparedMetric::label);
  REQUIRE(latency != metrics.end());
  CHECK(comparison.values(latency->formula, "linux").empty());
  CHECK(comparison.values(latency->formula, "confined") == std::vector<double>{3});
}

TEST_CASE("axes of the picture end a little above the greatest value, and have no tics between the few of a count") {
  CHECK(comparison_script(ended_comparison()).find("set yrange [0:42]\nset ytics autofreq") != std::string::npos);
  Comparison counted(toy_plan());
  while (const auto run = counted.next()) {
    counted.ended(*run, completed(0.02));
  }
  CHECK(comparison_script(counted).find("set yrange [0:2.1]\nset ytics 1\n") != std::string::npos);
}

TEST_CASE("every default metric is a formula over the summary") {
  for (const ComparedMetric& metric : default_metrics("64 MiB")) {
    CAPTURE(metric.formula);
    CHECK(!summary_formula_error(metric.formula));
  }
}
