// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/heat_map.h"

#include <doctest/doctest.h>

#include "toy_sweep.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Heat maps of "good" and "cost" over @values of x and two words, where runs have @outcome. */
std::string script_of(std::vector<std::string> values, const RunOutcome& outcome) {
  SweepSpec spec = toy_spec();
  spec.axes.at(0).values = std::move(values);
  Sweep sweep = toy_sweep(std::move(spec));
  while (const auto run = sweep.next()) {
    sweep.ended(*run, outcome);
  }
  return heat_map_script(sweep, {0});
}

std::vector<std::string> numbers(int count) {
  std::vector<std::string> result;
  for (int i = 0; i < count; ++i) {
    result.push_back(std::to_string(1000 + i));
  }
  return result;
}

}  // namespace

TEST_CASE("every value of a grid has a column, and a number as long as there are few") {
  const std::string few = script_of(numbers(20), toy_outcome(0.5)), many = script_of(numbers(60), toy_outcome(0.5));
  CHECK(few.find("\"1019\" 19)") != std::string::npos);
  CHECK(few.find("19,1,50,50\n") != std::string::npos);
  CHECK(few.find("with labels") != std::string::npos);
  CHECK(many.find("\"1059\" 59)") != std::string::npos);
  CHECK(many.find("with labels") == std::string::npos);
}

TEST_CASE("a map of zeros has a scale from 0 to 1, one of a constant from zero") {
  CHECK(script_of({"1", "2"}, toy_outcome(0)).find("set cbrange [0:1]") != std::string::npos);
  CHECK(script_of({"1", "2"}, toy_outcome(0.4)).find("set cbrange [0:40]") != std::string::npos);
}

TEST_CASE("numbers of thousands are written out") {
  CHECK(script_of({"1", "2"}, toy_outcome(16.5)).find("0,0,1650,1650\n") != std::string::npos);
}
