// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/pareto_plot.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "toy_sweep.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** The lines of data block @name of @script. */
std::string block_of(const std::string& script, const std::string& name) {
  const std::string open = "$" + name + " << EOD\n";
  const std::size_t start = script.find(open);
  return start == std::string::npos ? "" : script.substr(start + open.size(), script.find("EOD", start + open.size()) -
                                                                                  start - open.size());
}

std::string script_of_ended_sweep() {
  Sweep sweep = toy_sweep(toy_spec(), "out");
  for (double rate = 0.1; const auto run = sweep.next(); rate += 0.2) {
    sweep.ended(*run, toy_outcome(rate));
  }
  return pareto_script(sweep);
}

}  // namespace

TEST_CASE("all points and the front are in the script as data") {
  const std::string script = script_of_ended_sweep();
  const std::string all = block_of(script, "all"), front = block_of(script, "front");
  CHECK(std::count(all.begin(), all.end(), '\n') == 4);
  CHECK_FALSE(front.empty());
  CHECK(all.find(front.substr(0, front.find('\n'))) != std::string::npos);
}

TEST_CASE("each point of the front has its label on one side only") {
  const std::string script = script_of_ended_sweep();
  const std::string front = block_of(script, "front");
  std::string labelled;
  for (int side = 0; side < 8; ++side) {
    labelled += block_of(script, "label" + std::to_string(side));
  }
  CHECK(labelled.size() == front.size());
}

TEST_CASE("axes hold every point") {
  const std::string script = script_of_ended_sweep();
  CHECK(script.find("set xrange [") != std::string::npos);
  CHECK(script.find("set yrange [") != std::string::npos);
}

TEST_CASE("an objective that is zero throughout has an axis to 1, with room for dots below") {
  Sweep sweep = toy_sweep(toy_spec(), "out");
  while (const auto run = sweep.next()) {
    sweep.ended(*run, toy_outcome(0));
  }
  CHECK(pareto_script(sweep).find("set xrange [-0.06:1.06]") != std::string::npos);
}

TEST_CASE("the front is a line where the picture has all objectives, and points where it shows two of more") {
  CHECK(script_of_ended_sweep().find("with linespoints") != std::string::npos);
  SweepSpec spec = toy_spec();
  spec.metrics.push_back({"third", Expression("x")});
  spec.objectives.push_back({"third", false});
  Sweep sweep = toy_sweep(std::move(spec), "out");
  while (const auto run = sweep.next()) {
    sweep.ended(*run, toy_outcome(0.5));
  }
  const std::string script = pareto_script(sweep);
  CHECK(script.find("with linespoints") == std::string::npos);
  CHECK(script.find("in 3 objectives, two of them drawn") != std::string::npos);
}
