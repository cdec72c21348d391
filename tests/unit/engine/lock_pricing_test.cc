// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/lock_pricing.h"

#include <doctest/doctest.h>

#include <vector>

using namespace gbsim;
using namespace std::chrono_literals;

namespace {

/** @cpus CPUs that each take the lock @times in a window of 10 ms; returns the price after it. */
Ns price_after(unsigned cpus, std::uint64_t times, unsigned nodes = 1) {
  CostTable costs;
  std::vector<WorkMeter> meters(cpus, WorkMeter(costs));
  LockPricing pricing(costs, nodes);
  for (const WorkMeter& meter : meters) {
    pricing.add_cpu(meter);
  }
  for (WorkMeter& meter : meters) {
    meter.charge(WorkKind::zone_lock, times);
    meter.charge(WorkKind::buddy_alloc, times);
  }
  pricing.update(10ms);
  return costs.of(WorkKind::zone_lock);
}

}  // namespace

TEST_CASE("a lock that nobody takes keeps its price") {
  CHECK(price_after(8, 0) == CostTable().of(WorkKind::zone_lock));
}

TEST_CASE("the lock gets dearer with the number of CPUs that take it") {
  CHECK(price_after(2, 1000) > price_after(1, 1000));
  CHECK(price_after(16, 1000) > price_after(4, 1000));
}

TEST_CASE("two nodes share the acquisitions") {
  CHECK(price_after(16, 2000, 2) < price_after(16, 2000, 1));
}

TEST_CASE("a quiet window brings the price down again") {
  CostTable costs;
  const Ns free_lock = costs.of(WorkKind::zone_lock);
  WorkMeter one(costs);
  WorkMeter two(costs);
  LockPricing pricing(costs, 1);
  pricing.add_cpu(one);
  pricing.add_cpu(two);
  one.charge(WorkKind::zone_lock, 50'000);
  two.charge(WorkKind::zone_lock, 50'000);
  pricing.update(10ms);
  CHECK(costs.of(WorkKind::zone_lock) > free_lock);
  CHECK(pricing.utilisation() > 0.5);
  pricing.update(10ms);
  CHECK(costs.of(WorkKind::zone_lock) == free_lock);
}
