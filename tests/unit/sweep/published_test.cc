// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/published.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("what was published is a number, a range, or a range open at one end") {
  CHECK(to_string(parse_published("16").value()) == "16");
  CHECK(to_string(parse_published("0.26..4").value()) == "0.26 to 4");
  CHECK(to_string(parse_published("..19").value()) == "at most 19");
  CHECK(to_string(parse_published("87000..").value()) == "at least 87000");
}

TEST_CASE("what is no number and no range is refused") {
  for (const char* text : {"", "..", "4..1", "a few", "1...4", "4 ..5", "nan", "inf", "1..b", "12%"}) {
    CAPTURE(text);
    CHECK(!parse_published(text));
  }
}

TEST_CASE("the ratio to a number is simulated over published") {
  const Published four{4, 4};
  CHECK(four.ratio(4).value() == 1);
  CHECK(four.ratio(6).value() == 1.5);
  CHECK(four.ratio(0).value() == 0);
}

TEST_CASE("the ratio to a range is 1 within it, else to the end that the value lies beyond") {
  const Published range{2, 4};
  CHECK(range.ratio(3).value() == 1);
  CHECK(range.ratio(1).value() == 0.5);
  CHECK(range.ratio(8).value() == 2);
}

TEST_CASE("nothing but zero has a ratio to zero") {
  const Published none{0, 0};
  CHECK(none.ratio(0).value() == 1);
  CHECK(!none.ratio(3));
}
