// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/fit_text.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

namespace {

ChurnFit small_fit() {
  FittedClass cls;
  cls.name = "movable-order9";
  cls.order = Order{9};
  cls.type = Migratetype::movable;
  cls.gfp = "TRANSHUGE_LIGHT";
  cls.lru = "inactive_anon";
  cls.burst = {2.5, 4.5, 8.5};
  cls.spacing = ms(3);
  cls.phases = {{ms(1500), 100, {ms(1), ms(20), ms(3000)}}, {ms(500), 0, {}}};
  return {.classes = {cls}, .length = ms(2000), .cpus = 2, .managed = NrPages{25600}, .allocations = 150};
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a fit is written as the keys of churn") {
  const std::string text = workload_text(small_fit(), "server.dat", "gbsim fit server.dat");
  CAPTURE(text);
  CHECK(contains(text, "model: churn"));
  CHECK(contains(text, "2 CPUs and 100 MiB"));
  CHECK(contains(text, "order: fixed 9"));
  CHECK(contains(text, "lru: inactive_anon"));
  CHECK(contains(text, "burst: quantiles 2.5 4.5 8.5"));
  CHECK(contains(text, "dies_together: yes"));
  CHECK(contains(text, "fallback_whole: yes"));
  CHECK(contains(text, "life: quantiles 1ms 20ms 3s"));
  CHECK(contains(text, "{lasts: 500ms, rate: 0.000000/s}"));
}

TEST_CASE("arrivals times the size of a burst are the recorded rate") {
  const std::string text = workload_text(small_fit(), "s", "c");
  const Law burst = *parse_law("quantiles 2.5 4.5 8.5");
  const double rate = std::stod(text.substr(text.find("rate: ") + 6));
  CHECK(rate * (burst.mean() - 0.5) == doctest::Approx(100).epsilon(0.001));
}

TEST_CASE("a huge page for the pool that is refused has no substitute") {
  ChurnFit fit = small_fit();
  fit.classes[0].gfp = "RETRY_MAYFAIL";
  CHECK_FALSE(contains(workload_text(fit, "s", "c"), "fallback"));
}

TEST_CASE("a class left to reclaim lives for ever") {
  ChurnFit fit = small_fit();
  fit.classes[0].left_to_reclaim = true;
  const std::string text = workload_text(fit, "s", "c");
  CHECK(contains(text, "life: forever}"));
  CHECK_FALSE(contains(text, "life: quantiles"));
}

TEST_CASE("a phase known by the times of death says so, as exactly late as early") {
  ChurnFit fit = small_fit();
  fit.classes[0].phases[0] = {ms(1500), 100, {}, {ms(83'124), ms(83'125), ms(83'190)}};
  const std::string text = workload_text(fit, "s", "c");
  CAPTURE(text);
  CHECK(contains(text, "life: forever, ends: quantiles 1m23.124s 1m23.125s 1m23.19s}"));
}
