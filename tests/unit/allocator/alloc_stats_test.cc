// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/alloc_stats.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("attempts and failures are counted by order, latency by path") {
  AllocStats stats;
  stats.record(Order{0}, AllocPath::fast, Ns{60});
  stats.record(Order{9}, AllocPath::slow, Ns{1'000'000});
  stats.record(Order{9}, AllocPath::failed, Ns{5000});
  CHECK(stats.attempts(Order{0}) == 1);
  CHECK(stats.failures(Order{0}) == 0);
  CHECK(stats.attempts(Order{9}) == 2);
  CHECK(stats.failures(Order{9}) == 1);
  CHECK(stats.latency(Order{9}, AllocPath::slow).max() == 1'000'000);
  CHECK(stats.latency(Order{9}, AllocPath::fast).count() == 0);
}

TEST_CASE("latencies can be forgotten while counts go on") {
  AllocStats stats;
  stats.record(Order{3}, AllocPath::failed, Ns{100});
  stats.clear_latency();
  CHECK(stats.latency(Order{3}, AllocPath::failed).count() == 0);
  CHECK(stats.attempts(Order{3}) == 1);
  CHECK(stats.failures(Order{3}) == 1);
}
