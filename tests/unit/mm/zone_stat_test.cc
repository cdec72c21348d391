// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/zone_stat.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a CPU's deltas reach the global counter only beyond the threshold") {
  ZoneStat stat(2);
  stat.set_threshold(10);
  stat.add(CpuId{0}, 10);
  CHECK(stat.global() == 0);
  CHECK(stat.exact() == 10);
  stat.add(CpuId{0}, 1);
  CHECK(stat.global() == 11);
  stat.add(CpuId{1}, -4);
  CHECK(stat.global() == 11);
  stat.fold(CpuId{1});
  CHECK(stat.global() == 7);
  CHECK(stat.delta(CpuId{1}) == 0);
}

TEST_CASE("counter thresholds follow the kernel's table") {
  const auto pages = [](double gib) { return NrPages{static_cast<std::uint64_t>(gib * 262144)}; };
  CHECK(stat_threshold(1, pages(0.95)) == 8);
  CHECK(stat_threshold(2, pages(0.1)) == 4);
  CHECK(stat_threshold(2, pages(6)) == 28);
  CHECK(stat_threshold(64, pages(6)) == 98);
  CHECK(stat_threshold(1024, pages(24)) == 125);
}
