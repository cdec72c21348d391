// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/contention.h"

#include <doctest/doctest.h>

#include "sim/base/work.h"

using namespace gbsim;

namespace {

constexpr unsigned kBatch = 63;  // pages a pcp refill or drain moves under one acquisition

double cost(WorkKind kind) { return static_cast<double>(CostTable{}.of(kind).count()); }

LockContention zone_lock() { return LockContention(CostTable{}.of(WorkKind::zone_lock)); }

/** Nanoseconds a page of @cpus CPUs that do nothing but move order-0 pages through their pcp in batches. */
double bulk_page(unsigned cpus, WorkKind pcp, WorkKind buddy) {
  const LockWindow window{.cpus = cpus,
                          .acquisitions = cpus,
                          .held = Ns{static_cast<std::int64_t>(cpus * kBatch * cost(buddy))},
                          .elsewhere = Ns{static_cast<std::int64_t>(cpus * kBatch * cost(pcp))}};
  return cost(pcp) + cost(buddy) + static_cast<double>(zone_lock().price(window).count()) / kBatch;
}

/** Nanoseconds of one operation that goes straight to the buddy lists on each of @cpus CPUs. */
double locked_operation(unsigned cpus, WorkKind buddy) {
  const LockWindow window{
      .cpus = cpus, .acquisitions = cpus, .held = Ns{static_cast<std::int64_t>(cpus * cost(buddy))}};
  return cost(buddy) + static_cast<double>(zone_lock().price(window).count());
}

}  // namespace

// The figures are published-figures.md A10: Linux 6.0 on a Xeon Gold 5320.
TEST_CASE("order-0 bulk allocation slows from 94 ns on one CPU to 984 ns on 26") {
  CHECK(bulk_page(1, WorkKind::pcp_alloc, WorkKind::buddy_alloc) == doctest::Approx(94.0).epsilon(0.1));
  CHECK(bulk_page(8, WorkKind::pcp_alloc, WorkKind::buddy_alloc) == doctest::Approx(297.8).epsilon(0.1));
  CHECK(bulk_page(26, WorkKind::pcp_alloc, WorkKind::buddy_alloc) == doctest::Approx(983.8).epsilon(0.1));
}

TEST_CASE("order-0 bulk free slows from 90 ns on one CPU to 1241 ns on 26") {
  CHECK(bulk_page(1, WorkKind::pcp_free, WorkKind::buddy_free) == doctest::Approx(90.3).epsilon(0.1));
  CHECK(bulk_page(8, WorkKind::pcp_free, WorkKind::buddy_free) == doctest::Approx(349.0).epsilon(0.1));
  CHECK(bulk_page(26, WorkKind::pcp_free, WorkKind::buddy_free) == doctest::Approx(1241.0).epsilon(0.15));
}

TEST_CASE("a pair of free and alloc served by the pcp costs 112 to 118 ns") {
  const double pair = cost(WorkKind::pcp_alloc) + cost(WorkKind::pcp_free);
  CHECK(pair >= 112);
  CHECK(pair <= 118);
}

TEST_CASE("a pair of free and alloc served under the lock costs 4.5 to 5.6 us on 8 CPUs") {
  const double pair = locked_operation(8, WorkKind::buddy_alloc) + locked_operation(8, WorkKind::buddy_free);
  CHECK(pair >= 4521);
  CHECK(pair <= 5594);
}

TEST_CASE("one CPU alone pays the base price") {
  const LockWindow window{.cpus = 1, .acquisitions = 1000, .held = Ns{50'000}, .elsewhere = Ns{1'000'000}};
  CHECK(zone_lock().price(window) == CostTable{}.of(WorkKind::zone_lock));
  CHECK(zone_lock().factor(window) == doctest::Approx(1.0));
}

TEST_CASE("an unused lock costs its base price and has no utilisation") {
  CHECK(zone_lock().price(LockWindow{.cpus = 8}) == CostTable{}.of(WorkKind::zone_lock));
  CHECK(zone_lock().utilisation(LockWindow{.cpus = 8}) == 0);
  CHECK(zone_lock().price(LockWindow{.cpus = 0, .acquisitions = 1}) == CostTable{}.of(WorkKind::zone_lock));
}

TEST_CASE("price and utilisation rise with use, and utilisation stops at one") {
  Ns last{0};
  for (const std::int64_t elsewhere : {1'000'000, 100'000, 10'000, 1'000, 0}) {
    const LockWindow window{.cpus = 16, .acquisitions = 16, .held = Ns{16 * 33}, .elsewhere = Ns{16 * elsewhere}};
    CHECK(zone_lock().price(window) > last);
    CHECK(zone_lock().utilisation(window) <= 1.0);
    last = zone_lock().price(window);
  }
}

TEST_CASE("an idle machine hardly waits") {
  const LockWindow window{.cpus = 32, .acquisitions = 320, .held = Ns{320 * 33}, .elsewhere = Ns{32 * 10'000'000}};
  CHECK(zone_lock().utilisation(window) < 0.02);
  CHECK(zone_lock().price(window) < Ns{330});
}
