// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/run_summary.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a summary's numbers lie under dotted paths") {
  const auto summary = RunSummary::parse(R"({"outcome": "completed", "thp": {"success_rate": 0.25, "on": true},
                                             "orders": {"9": {"failures": 4}}, "list": [1]})");
  REQUIRE(summary);
  CHECK(summary->outcome() == "completed");
  CHECK(summary->value("thp.success_rate") == 0.25);
  CHECK(summary->value("thp.on") == 1.0);
  CHECK(summary->value("orders.9.failures") == 4.0);
  CHECK(!summary->value("thp"));
  CHECK(!summary->value("outcome"));
}

TEST_CASE("half a file is no summary") {
  CHECK(!RunSummary::parse(R"({"outcome": "comp)"));
  CHECK(!RunSummary::parse("[1]"));
  CHECK(!RunSummary::read("/nonexistent/summary.json"));
}

TEST_CASE("paths are known before any run") {
  CHECK(is_summary_path("thp.success_rate"));
  CHECK(is_summary_path("gigablocks.allocatable_1g"));
  CHECK(is_summary_path("orders.9.failures"));
  CHECK(is_summary_path("vmstat.compact_stall"));
  CHECK(!is_summary_path("thp.sucess_rate"));
  CHECK(!is_summary_path("host.wall_seconds"));
}

TEST_CASE("a formula over a misspelt path names the nearest") {
  CHECK(!summary_formula_error("100 * thp.success_rate"));
  CHECK(summary_formula_error("thp.sucess_rate") == no_such_path("thp.sucess_rate"));
  CHECK(no_such_path("thp.sucess_rate").find("'thp.success_rate'") != std::string::npos);
  CHECK(summary_formula_error("1 +"));
}
