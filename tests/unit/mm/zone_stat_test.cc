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

TEST_CASE("counter steps under pressure follow the distance from min to low") {
  CHECK(pressure_threshold(2, NrPages{821}, NrPages{657}) == 82);
  CHECK(pressure_threshold(2, NrPages{27}, NrPages{26}) == 1);
  CHECK(pressure_threshold(2, NrPages{5000}, NrPages{1000}) == 125);
}

TEST_CASE("a global value that is assumed leaves the true one, and the CPUs have the rest") {
  ZoneStat stat(2);
  stat.set_threshold(10);
  stat.add(CpuId{0}, 100);
  stat.assume_global(85);
  CHECK(stat.global() == 85);
  CHECK(stat.exact() == 100);
  CHECK(stat.delta(CpuId{0}) == 10);
  CHECK(stat.delta(CpuId{1}) == 5);
  CHECK(stat.drift() == 20);
}
