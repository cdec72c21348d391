// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/weighted_choice.h"

#include <doctest/doctest.h>

#include <array>

using namespace gbsim;

TEST_CASE("indices are drawn in proportion to their weights") {
  const std::array<double, 5> weights{1, 0, 5, 10, 4};
  const WeightedChoice choice(weights);
  CHECK(choice.total() == 20);
  std::array<int, 5> seen{};
  RandomStream stream(3, "choice");
  for (int i = 0; i < 200'000; ++i) {
    ++seen[choice.draw(stream)];
  }
  CHECK(seen[1] == 0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    CAPTURE(i);
    CHECK(seen[i] == doctest::Approx(weights[i] * 10'000).epsilon(0.05));
  }
}
