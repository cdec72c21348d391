// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/quick_law.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace gbsim;

namespace {

/** Sorted draws. */
std::vector<double> drawn(const char* text, std::size_t count) {
  const QuickLaw law(*parse_law(text));
  RandomStream stream(7, "quick");
  std::vector<double> values(count);
  std::ranges::generate(values, [&] { return law.draw(stream); });
  std::ranges::sort(values);
  return values;
}

}  // namespace

TEST_CASE("quick draws have the quantiles of the law, far into the tail") {
  constexpr std::size_t kCount = 400'000;
  for (const char* text : {"exponential 50ms", "lognormal 1.1s p90 3.7s", "pareto 1ms 1.3", "uniform 2 5",
                           "quantiles 1ms 2ms 500ms 1s 1h"}) {
    CAPTURE(text);
    const auto values = drawn(text, kCount);
    const Law law = *parse_law(text);
    for (const double u : {0.01, 0.1, 0.5, 0.9, 0.99, 0.999}) {
      CAPTURE(u);
      const double seen = values[static_cast<std::size_t>(u * kCount)];
      CHECK(seen == doctest::Approx(law_quantile(law, u)).epsilon(0.05));
    }
  }
}

TEST_CASE("a lognormal law has the median and 90th percentile it names") {
  const Law law = *parse_law("lognormal 100 p90 700");
  CHECK(law_quantile(law, 0.5) == doctest::Approx(100));
  CHECK(law_quantile(law, 0.9) == doctest::Approx(700).epsilon(0.001));
}

TEST_CASE("fixed laws are exact and endless ones last a year") {
  RandomStream stream(1, "quick");
  CHECK(QuickLaw(*parse_law("fixed 10ms")).draw_time(stream) == Ns{10'000'000});
  for (int i = 0; i < 1000; ++i) {
    CHECK(QuickLaw(*parse_law("forever")).draw_time(stream) == std::chrono::hours{24 * 365});
  }
}
