// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/text_table.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("text stands left and numbers right, without blanks at the end of a line") {
  CHECK(aligned({{"name", "n"}, {"a", "12345"}, {"b", ""}}) == "name      n\na     12345\nb\n");
  CHECK(aligned({{"a", "b", "n"}, {"long", "longer", "1"}}, 2) == "a     b       n\nlong  longer  1\n");
}

TEST_CASE("a column without text takes no room") {
  CHECK(aligned({{"a", "", "b"}, {"c", "", "d"}}) == "a  b\nc  d\n");
}

TEST_CASE("numbers for people have five digits, large ones all before the point") {
  CHECK(brief(1.23456) == "1.2346");
  CHECK(brief(243152.25) == "243152");
  CHECK(brief(-1e10) == "-1e+10");
  CHECK(brief(0.5) == "0.5");
}
