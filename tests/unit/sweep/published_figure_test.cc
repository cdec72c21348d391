// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/published_figure.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;

namespace {

constexpr const char* kFigure = R"(name: f7
title: gigablocks are tainted
source: a mail
scenario: ../toy.yaml
placements: [linux, gigablock-walk]
seeds: 3
slow: takes all night
expect:
  - {metric: gigablocks.tainted, of: linux, label: tainted, published: 4..16, min: 2, max: 20}
  - {metric: gigablocks.tainted, max: 30}
)";

std::filesystem::path written(const TempDir& dir, const std::string& text) {
  std::ofstream(dir.path() / "figure.yaml") << text;
  return dir.path() / "figure.yaml";
}

bool is_told(const Diagnostics& errors, const std::string& words) {
  const auto tells = [&](const Diagnostic& error) { return to_string(error).find(words) != std::string::npos; };
  return std::ranges::any_of(errors, tells);
}

}  // namespace

TEST_CASE("a published figure tells what was seen, where, and which runs are measured against it") {
  const TempDir dir;
  Diagnostics errors;
  const auto figure = read_published_figure(written(dir, kFigure), errors);
  REQUIRE(errors.empty());
  REQUIRE(figure.has_value());
  CHECK(figure->header.name == "f7");
  CHECK(figure->header.scenario == (dir.path() / ".." / "toy.yaml").lexically_normal());
  CHECK(figure->header.placements == std::vector<std::string>{"linux", "gigablock-walk"});
  CHECK(figure->header.seeds == 3);
  CHECK(figure->header.slow == "takes all night");
  REQUIRE(figure->bounds.size() == 2);
  CHECK(figure->bounds[0].label == "tainted");
  CHECK(to_string(figure->bounds[0].published.value()) == "4 to 16");
  CHECK(!figure->bounds[1].published);
}

TEST_CASE("the same file is a file of bounds") {
  const TempDir dir;
  Diagnostics errors;
  const std::vector<std::string> subjects{"linux"};
  CHECK(read_bounds(written(dir, kFigure), subjects, errors).size() == 2);
  CHECK(errors.empty());
}

TEST_CASE("every error of a published figure is named with its place") {
  const TempDir dir;
  Diagnostics errors;
  const auto figure = read_published_figure(written(dir, R"(name: f 7
titel: gigablocks are tainted
placements: [linus, linux, linux]
seeds: 0
expect:
  - {metric: gigablocks.tainted, published: few, max: 30}
)"), errors);
  CHECK(!figure);
  CHECK(is_told(errors, "figure.yaml:1:7: error: 'f 7' is no name"));
  CHECK(is_told(errors, "figure.yaml:2:1: error: unknown key 'titel'; did you mean 'title'?"));
  CHECK(is_told(errors, "figure.yaml:3:14: error: placement"));
  CHECK(is_told(errors, "figure.yaml:3:28: error: placements: 'linux' appears twice"));
  CHECK(is_told(errors, "figure.yaml:4:8: error: seeds"));
  CHECK(is_told(errors, "figure.yaml:6:45: error: published: 'few' is neither"));
  CHECK(is_told(errors, "title is missing"));
  CHECK(is_told(errors, "source is missing"));
  CHECK(is_told(errors, "scenario is missing"));
}

TEST_CASE("bounds alone are no published figure") {
  const TempDir dir;
  Diagnostics errors;
  CHECK(!read_published_figure(written(dir, "expect:\n  - {metric: gigablocks.tainted, max: 30}\n"), errors));
  CHECK(is_told(errors, "name is missing: a published figure needs it"));
  CHECK(is_told(errors, "no bound has published"));
}
