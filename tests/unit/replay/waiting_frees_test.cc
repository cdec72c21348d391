// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/waiting_frees.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

TraceEvent happens(std::int64_t micros, EventKind kind, unsigned cpu, unsigned order = 0) {
  TraceEvent event = toy_event(kind, 1, order, Migratetype::movable, cpu);
  event.time = Ns{micros * 1000};
  return event;
}

}  // namespace

TEST_CASE("a free waits for the rest of its batch") {
  WaitingFrees waiting;
  waiting.add(happens(0, EventKind::free, 0));
  CHECK(waiting.due(happens(1, EventKind::free, 0)).empty());
  CHECK(waiting.due(happens(4, EventKind::zone_locked, 1)).empty());
  CHECK(waiting.due(happens(5, EventKind::free, 0)).empty());
  CHECK(waiting.due(happens(6, EventKind::pcpu_drain, 0)).size() == 1);
  CHECK(waiting.empty());
}

TEST_CASE("a free waits for the CPU that drains or refills under zone->lock") {
  WaitingFrees waiting;
  waiting.add(happens(0, EventKind::free, 0));
  CHECK(waiting.due(happens(4, EventKind::pcpu_drain, 1)).empty());
  CHECK(waiting.due(happens(8, EventKind::pcpu_drain, 1)).empty());
  SUBCASE("the drain ends with a refill, which takes the lock again") {
    CHECK(waiting.due(happens(9, EventKind::zone_locked, 1)).size() == 1);
  }
  SUBCASE("the drain ends with a pause") {
    CHECK(waiting.due(happens(20, EventKind::pcpu_drain, 1)).size() == 1);
  }
}

TEST_CASE("a free waits for the whole of a refill, which holds zone->lock however long it takes") {
  WaitingFrees waiting;
  CHECK(waiting.due(happens(0, EventKind::zone_locked, 1)).empty());
  waiting.add(happens(1, EventKind::free, 0));
  SUBCASE("the refill goes on") {
    CHECK(waiting.due(happens(9'000, EventKind::zone_locked, 1)).empty());
    CHECK(waiting.due(happens(18'000, EventKind::zone_locked, 1)).empty());
  }
  SUBCASE("its CPU has gone on to something else") {
    CHECK(waiting.due(happens(9'000, EventKind::alloc, 1)).size() == 1);
  }
  SUBCASE("its CPU takes the lock for another order") {
    CHECK(waiting.due(happens(9'000, EventKind::zone_locked, 1, 3)).size() == 1);
  }
  SUBCASE("another CPU holds the lock") {
    CHECK(waiting.due(happens(9'000, EventKind::zone_locked, 2)).size() == 1);
  }
}

TEST_CASE("frees that wait together arrive in order") {
  WaitingFrees waiting;
  waiting.add(happens(0, EventKind::free, 0, 0));
  waiting.add(happens(1, EventKind::free, 0, 1));
  const auto rest = waiting.rest();
  REQUIRE(rest.size() == 2);
  CHECK(rest[0].order == Order{0});
  CHECK(rest[1].order == Order{1});
}
