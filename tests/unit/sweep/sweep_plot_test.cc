// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep_plot.h"

#include <doctest/doctest.h>

#include "sim/report/gnuplot.h"
#include "temp_dir.h"
#include "toy_sweep.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

Sweep ended_sweep(const std::filesystem::path& dir, bool crashes) {
  Sweep sweep = toy_sweep(toy_spec(), dir);
  for (double rate = 0.1; const auto run = sweep.next(); rate += 0.2) {
    sweep.ended(*run, crashes ? RunOutcome{"crashed", "signal 11"} : toy_outcome(rate));
  }
  return sweep;
}

}  // namespace

TEST_CASE("responses, heat maps, interactions of each metric and the front have a script each") {
  std::vector<std::string> names;
  for (const SweepScript& script : sweep_scripts(ended_sweep("out", false))) {
    names.push_back(script.name);
  }
  const std::vector<std::string> expected{"responses", "heat_maps", "interactions_good", "interactions_cost", "pareto"};
  CHECK(names == expected);
}

TEST_CASE("a metric without any value has no picture") {
  SweepSpec spec = toy_spec();
  spec.metrics.push_back({"never", Expression("1 / (x - x)")});
  Sweep sweep = toy_sweep(std::move(spec));
  while (const auto run = sweep.next()) {
    sweep.ended(*run, toy_outcome(0.5));
  }
  for (const SweepScript& script : sweep_scripts(sweep)) {
    CHECK(script.text.find("never") == std::string::npos);
  }
}

TEST_CASE("many values of a random design are drawn in classes of neighbours") {
  SweepSpec spec = toy_spec();
  spec.axes.at(0).values.clear();
  for (int value = 1; value <= 30; ++value) {
    spec.axes.at(0).values.push_back(std::to_string(value));
  }
  Sweep sweep = toy_sweep(std::move(spec));
  while (const auto run = sweep.next()) {
    sweep.ended(*run, toy_outcome(0.5));
  }
  const std::string script = sweep_scripts(sweep).front().text;
  CHECK(script.find("\"1..5\" 0, \"6..10\" 1") != std::string::npos);
  CHECK(script.find("\"26..30\" 5") != std::string::npos);
}

TEST_CASE("panels of a metric share an axis, from 0 to 1 and not below where it is zero throughout") {
  Sweep sweep = toy_sweep(toy_spec());
  while (const auto run = sweep.next()) {
    sweep.ended(*run, toy_outcome(0));
  }
  const std::vector<SweepScript> scripts = sweep_scripts(sweep);
  const std::string& responses = scripts.at(0).text;
  const std::size_t zero = responses.find("set yrange [0:1.05]"), cost = responses.find("set yrange [9.5:20.5]");
  CHECK(zero < cost);
  CHECK(cost < responses.size());
  CHECK(responses.find("set yrange", cost + 1) == std::string::npos);
  CHECK(scripts.at(2).text.find("set yrange [0:1.05]") != std::string::npos);
}

TEST_CASE("a title is not cut off, however narrow the panels are") {
  SweepSpec spec = toy_spec();
  spec.name = std::string(60, 'n');
  Sweep sweep = toy_sweep(std::move(spec));
  while (const auto run = sweep.next()) {
    sweep.ended(*run, toy_outcome(0.5));
  }
  for (const SweepScript& script : sweep_scripts(sweep)) {
    CAPTURE(script.name);
    CHECK(std::stoul(script.text.substr(script.text.find("pngcairo size ") + 14)) > 60 * 9);
  }
}

TEST_CASE("curves that a panel has no room for are counted") {
  SweepSpec spec = toy_spec();
  spec.axes.at(1).values = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
  Sweep sweep = toy_sweep(std::move(spec));
  while (const auto run = sweep.next()) {
    sweep.ended(*run, toy_outcome(0.5));
  }
  CHECK(sweep_scripts(sweep).at(2).text.find("word, the first 7 of 9") != std::string::npos);
}

TEST_CASE("gnuplot draws all of them, and nothing if every run failed") {
  if (!find_gnuplot()) {
    MESSAGE("skipped: no gnuplot");
    return;
  }
  for (const bool crashes : {false, true}) {
    const TempDir dir;
    const PlotOutcome outcome = draw_sweep(ended_sweep(dir.path(), crashes));
    CHECK(outcome.problems.empty());
    CHECK_FALSE(outcome.failed);
    CHECK(std::filesystem::exists(dir.path() / "plots" / "pareto.png") == !crashes);
    CHECK(std::filesystem::exists(dir.path() / "plots" / "heat_maps.svg") == !crashes);
  }
}
