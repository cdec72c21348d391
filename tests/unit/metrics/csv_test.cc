// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/csv.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("seconds are exact decimals without trailing zeros") {
  CHECK(format_seconds(Ns{0}) == "0");
  CHECK(format_seconds(Ns{10'000'000'000}) == "10");
  CHECK(format_seconds(Ns{250'000'000}) == "0.25");
  CHECK(format_seconds(Ns{7'200'000'000'001}) == "7200.000000001");
  CHECK(format_seconds(Ns{-1'500'000'000}) == "-1.5");
}

TEST_CASE("ratios have six decimals") {
  CHECK(format_ratio(1.0 / 3) == "0.333333");
  CHECK(format_ratio(-1) == "-1.000000");
}

TEST_CASE("fields are quoted only where CSV needs it") {
  CHECK(csv_field("oom_kill") == "oom_kill");
  CHECK(csv_field("a, b") == "\"a, b\"");
  CHECK(csv_field("say \"no\"") == "\"say \"\"no\"\"\"");
  CHECK(csv_field("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("header and values come from the same calls") {
  const auto line = [](CsvLine::Mode mode) {
    CsvLine csv(mode);
    csv.add_seconds("time_s", Ns{1'500'000'000});
    csv.add("pages", NrPages{7});
    csv.add_ratio("index", 0.5);
    csv.add_text("note", "x,y");
    return std::move(csv).finish();
  };
  CHECK(line(CsvLine::Mode::header) == "time_s,pages,index,note\n");
  CHECK(line(CsvLine::Mode::values) == "1.5,7,0.500000,\"x,y\"\n");
}
