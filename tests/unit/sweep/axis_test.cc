// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/axis.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

std::vector<std::string> levels(const char* from, const char* to, std::size_t steps, bool logarithmic) {
  Axis axis{.key = "x"};
  axis.range = parse_range(from, to).value();
  axis.range->steps = steps;
  axis.range->logarithmic = logarithmic;
  return axis.levels();
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a range is spelt as its ends are") {
  CHECK(levels("0", "200", 3, false) == Texts{"0", "100", "200"});
  CHECK(levels("10", "1000", 3, true) == Texts{"10", "100", "1000"});
  CHECK(levels("1ms", "100ms", 3, true) == Texts{"1ms", "10ms", "100ms"});
  CHECK(levels("1GiB", "3GiB", 3, false) == Texts{"1GiB", "2GiB", "3GiB"});
  CHECK(levels("0%", "50%", 3, false) == Texts{"0%", "25%", "50%"});
  CHECK(levels("0.5", "1.5", 3, false) == Texts{"0.5", "1", "1.5"});
}

TEST_CASE("levels that round to the same value appear once") {
  CHECK(levels("0", "1", 5, false) == Texts{"0", "1"});
}

TEST_CASE("ends of different kinds make no range") {
  CHECK(!parse_range("1ms", "2MiB"));
  CHECK(!parse_range("low", "high"));
}

TEST_CASE("each value of a list has an equal part") {
  const Axis axis{.key = "x", .values = {"a", "b"}};
  CHECK(axis.at(0) == "a");
  CHECK(axis.at(0.49) == "a");
  CHECK(axis.at(0.5) == "b");
  CHECK(axis.at(0.999999) == "b");
}

TEST_CASE("numbers are in base units") {
  CHECK(number_of("2MiB") == 2097152.0);
  CHECK(number_of("1ms") == 1e6);
  CHECK(number_of("5%") == 0.05);
  CHECK(number_of("-3") == -3.0);
  CHECK(!number_of("always"));
}

TEST_CASE("flags are one and zero in formulas, and no numbers elsewhere") {
  CHECK(formula_value("yes") == 1.0);
  CHECK(formula_value("false") == 0.0);
  CHECK(formula_value("2MiB") == 2097152.0);
  CHECK(!formula_value("always"));
  CHECK(!number_of("yes"));
}
