// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/daemon.h"

#include <doctest/doctest.h>

#include <vector>

#include "engine_fixture.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Charges the daemon that runs now. */
void work(SmallStage& small, Ns time) {
  small.memory.meter().charge_time(time);
}

}  // namespace

TEST_CASE("the next unit of a daemon waits until the last one's cost has passed") {
  SmallStage small(1);
  std::vector<Ns> units;
  const Daemon daemon(small.stage, {.name = "kswapd0", .user = CpuUser::kswapd}, [&](CpuId) {
    units.push_back(small.memory.clock().now);
    work(small, 3ms);
    return units.size() < 3 ? kGoOn : kUntilWoken;
  });
  small.stop_at(20ms);
  small.actors.run();
  CHECK(units == std::vector<Ns>{0ms, 3ms, 6ms});
  CHECK(small.ledger.times()[CpuUser::kswapd] == 9ms);
  CHECK(small.ledger.take_debt(CpuId{0}) == 9ms);
}

TEST_CASE("a resting daemon runs at the instant it is woken") {
  SmallStage small(1);
  std::vector<Ns> units;
  Daemon daemon(small.stage, {.name = "kswapd0"}, [&](CpuId) {
    units.push_back(small.memory.clock().now);
    return kUntilWoken;
  });
  small.actors.spawn("waker", 0, [&] {
    small.actors.clock().sleep_until(5ms);
    daemon.wake();
    daemon.wake();
  });
  small.stop_at(20ms);
  small.actors.run();
  CHECK(units == std::vector<Ns>{0ms, 5ms});
}

TEST_CASE("a daemon woken while it works does not rest after it") {
  SmallStage small(1);
  std::vector<Ns> units;
  Daemon daemon(small.stage, {.name = "kswapd0"}, [&](CpuId) {
    units.push_back(small.memory.clock().now);
    work(small, 4ms);
    return kUntilWoken;
  });
  small.actors.spawn("waker", 0, [&] {
    small.actors.clock().sleep_until(1ms);
    daemon.wake();
  });
  small.stop_at(20ms);
  small.actors.run();
  CHECK(units == std::vector<Ns>{0ms, 4ms});
}

TEST_CASE("units that find nothing to do cannot stop time") {
  SmallStage small(1);
  unsigned units = 0;
  const Daemon daemon(small.stage, {.name = "spinner"}, [&](CpuId) {
    ++units;
    return kGoOn;
  });
  small.stop_at(1ms);
  small.actors.run();
  CHECK(units > 100);
  CHECK(units <= 1001);
}

TEST_CASE("a daemon moves to the CPU with the least to do") {
  SmallStage small(2);
  std::vector<CpuId> places;
  const Daemon daemon(small.stage, {.name = "kswapd0", .user = CpuUser::kswapd, .nr_cpus = 2}, [&](CpuId cpu) {
    places.push_back(cpu);
    work(small, 1ms);
    return places.size() < 3 ? kGoOn : kUntilWoken;
  });
  small.stop_at(10ms);
  small.actors.run();
  CHECK(places == std::vector<CpuId>{CpuId{0}, CpuId{1}, CpuId{0}});
}
