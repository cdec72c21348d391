// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/validation.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace gbsim;

namespace {

constexpr const char* kMetric = "gigablocks.tainted";

/** Runs of linux with one seed for each of @tainted; one that is negative crashed. */
Comparison ended_comparison(const std::vector<int>& tainted) {
  ComparisonPlan plan;
  plan.name = "toy";
  plan.placements = {"linux"};
  for (std::size_t i = 0; i < tainted.size(); ++i) {
    plan.seeds.push_back(i + 1);
  }
  Comparison comparison(plan);
  while (const auto run = comparison.next()) {
    const int count = tainted[run->seed - 1];
    const std::string json = R"({"outcome": "completed", "gigablocks": {"tainted": )" + std::to_string(count) + "}}";
    comparison.ended(*run, count < 0 ? RunOutcome{"crashed", "signal 11"}
                                     : RunOutcome{"completed", "", RunSummary::parse(json)});
  }
  return comparison;
}

/** One bound of at most 8, beside what was @published. */
PublishedFigure figure_of(const char* published) {
  PublishedFigure figure;
  figure.header.name = "f7";
  Bound bound{.metric = kMetric};
  bound.max = 8;
  bound.label = "tainted";
  bound.published = parse_published(published);
  figure.bounds = {bound};
  return figure;
}

std::vector<Verdict> verdicts_of(const PublishedFigure& figure, const Comparison& comparison) {
  const auto measured = [&](const std::string& metric, const std::string& placement) {
    return comparison.measured(metric, placement);
  };
  return judge(figure.bounds, comparison.plan().placements, measured);
}

std::string table_of(const char* published, const std::vector<int>& tainted) {
  const PublishedFigure figure = figure_of(published);
  const Comparison comparison = ended_comparison(tainted);
  const Validation validation{figure, comparison, verdicts_of(figure, comparison)};
  const std::string table = validation_table({&validation, 1});
  return table.substr(table.find('\n') + 1);
}

nlohmann::json row_of(const char* published, const std::vector<int>& tainted) {
  const PublishedFigure figure = figure_of(published);
  const Comparison comparison = ended_comparison(tainted);
  const Validation validation{figure, comparison, verdicts_of(figure, comparison)};
  return nlohmann::json::parse(validation_json({&validation, 1}))["rows"][0];
}

}  // namespace

TEST_CASE("a bound wider than what was published holds, and the ratio tells that the figure was missed") {
  CHECK(table_of("4", {6}) == "f7      tainted  linux              4          6   x1.5  at most 8    holds\n");
  CHECK(table_of("1..4", {6}).find("1 to 4          6   x1.5  at most 8    holds") != std::string::npos);
}

TEST_CASE("within a published range there is no ratio to tell") {
  CHECK(table_of("1..4", {3}).find("within  at most 8    holds") != std::string::npos);
}

TEST_CASE("the median over seeds stands beside what was published, with its range") {
  CHECK(table_of("4", {2, 8, 20}).find("8     2..20     x2  at most 8    holds") != std::string::npos);
}

TEST_CASE("a bound that does not hold is missed, also by runs without a value") {
  CHECK(table_of("..19", {12}).find("misses") != std::string::npos);
  CHECK(table_of("4", {-1}).find("-      -  at most 8   misses") != std::string::npos);
}

TEST_CASE("what is above a published zero has no ratio") {
  CHECK(table_of("0", {3}).find("above 0") != std::string::npos);
  CHECK(row_of("0", {3})["ratio"].is_null());
}

TEST_CASE("validate.json has every number of a row") {
  const auto row = row_of("..19", {2, 3, 7});
  CHECK(row["metric"] == kMetric);
  CHECK(row["published"]["low"].is_null());
  CHECK(row["published"]["high"] == 19);
  CHECK(row["simulated"]["median"] == 3);
  CHECK(row["simulated"]["max"] == 7);
  CHECK(row["ratio"] == 1);
  CHECK(row["bound"]["statistic"] == "median");
  CHECK(row["bound"]["max"] == 8);
  CHECK(row["holds"] == true);
}
