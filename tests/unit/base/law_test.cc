// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/law.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace gbsim;

namespace {

/** The @share quantile of many draws of @text. */
double quantile(std::string_view text, double share) {
  const auto law = parse_law(text);
  REQUIRE(law.has_value());
  RandomStream stream(1, text);
  std::vector<double> drawn(50'000);
  std::ranges::generate(drawn, [&] { return law->draw(stream); });
  std::ranges::sort(drawn);
  return drawn[static_cast<std::size_t>(share * static_cast<double>(drawn.size() - 1))];
}

}  // namespace

TEST_CASE("every law is read in the spelling of its documentation") {
  CHECK(parse_law("fixed 10ms")->kind == Law::Kind::fixed);
  CHECK(parse_law("fixed 10ms")->a == 10e6);
  CHECK(parse_law("uniform 1s 5s")->b == 5e9);
  CHECK(parse_law("exponential 200ms")->a == 200e6);
  CHECK(parse_law("lognormal 1.1s p90 3.7s")->kind == Law::Kind::lognormal);
  CHECK(parse_law("pareto 1ms 1.3")->b == 1.3);
  CHECK(parse_law("forever")->kind == Law::Kind::forever);
  CHECK(parse_law("  fixed   4KiB ")->a == 4096);
  CHECK(parse_law("uniform 0 5s")->a == 0);
  CHECK(parse_law("uniform 3 7")->a == 3);
  CHECK(parse_law("uniform 700 9KiB")->a == 700);
}

TEST_CASE("what is no law is refused") {
  for (const auto* text : {"", "fixed", "fixed 1s 2s", "fixed x", "uniform 5s 1s", "uniform 1s 5KiB", "exponential -1",
                           "lognormal 1s 3s", "lognormal 1s p50 3s", "lognormal 3s p90 1s", "lognormal 0 p90 1s",
                           "pareto 0 1", "pareto 1s 0", "pareto 1s 2s", "forever 1s", "Fixed 1s", "fixed 010",
                           "quantiles", "quantiles 1s", "quantiles 2s 1s", "quantiles 1s 5", "quantiles 1s x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_law(text).has_value());
  }
}

TEST_CASE("a lognormal law has the median and the 90th percentile it names") {
  CHECK(quantile("lognormal 1.1s p90 3.7s", 0.5) == doctest::Approx(1.1e9).epsilon(0.03));
  CHECK(quantile("lognormal 1.1s p90 3.7s", 0.9) == doctest::Approx(3.7e9).epsilon(0.03));
}

TEST_CASE("draws stay within what the law allows") {
  CHECK(quantile("fixed 3s", 0.0) == 3e9);
  CHECK(quantile("fixed 3s", 1.0) == 3e9);
  CHECK(quantile("uniform 1s 5s", 0.0) >= 1e9);
  CHECK(quantile("uniform 1s 5s", 1.0) < 5e9);
  CHECK(quantile("pareto 1ms 1.3", 0.0) >= 1e6);
}

TEST_CASE("means are those of the distributions") {
  CHECK(parse_law("uniform 1s 5s")->mean() == 3e9);
  CHECK(parse_law("exponential 200ms")->mean() == 200e6);
  CHECK(parse_law("pareto 1ms 2")->mean() == doctest::Approx(2e6));
  CHECK(std::isinf(parse_law("pareto 1ms 1")->mean()));
  CHECK(std::isinf(parse_law("forever")->mean()));
}

TEST_CASE("drawn durations saturate instead of overflowing") {
  RandomStream stream(1, "law");
  CHECK(parse_law("forever")->draw_time(stream) == Ns::max());
  CHECK(parse_law("fixed 10ms")->draw_time(stream) == Ns{10'000'000});
  CHECK(Law{Law::Kind::fixed, 1e30, 0}.draw_time(stream) == Ns::max());
}

TEST_CASE("a law given by its quantiles has them") {
  const auto* text = "quantiles 1ms 10ms 100ms 1s 1m";
  CHECK(quantile(text, 0.0) == doctest::Approx(1e6).epsilon(0.01));
  CHECK(quantile(text, 0.25) == doctest::Approx(10e6).epsilon(0.05));
  CHECK(quantile(text, 0.5) == doctest::Approx(100e6).epsilon(0.05));
  CHECK(quantile(text, 0.75) == doctest::Approx(1e9).epsilon(0.05));
  CHECK(quantile(text, 1.0) <= 60e9);
}

TEST_CASE("between quantiles values grow geometrically, from zero linearly") {
  CHECK(quantile_between({1, 100}, 0.5) == doctest::Approx(10));
  CHECK(quantile_between({0, 100}, 0.5) == doctest::Approx(50));
  CHECK(quantile_between({2, 2, 8}, 0.25) == 2);
  CHECK(quantile_between({2, 2, 8}, 1.0) == doctest::Approx(8));
}

TEST_CASE("the mean of a law of quantiles is that of its draws") {
  const auto law = *parse_law("quantiles 0 2 2 50 5000");
  RandomStream stream(3, "mean");
  double sum = 0;
  for (int i = 0; i < 200'000; ++i) {
    sum += law.draw(stream);
  }
  CHECK(sum / 200'000 == doctest::Approx(law.mean()).epsilon(0.02));
}
