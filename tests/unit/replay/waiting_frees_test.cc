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
  CHECK(waiting.due(happens(15, EventKind::free, 0)).empty());
  CHECK(waiting.due(happens(25, EventKind::zone_locked, 1)).empty());
  CHECK(waiting.due(happens(30, EventKind::free, 0)).empty());
  CHECK(waiting.due(happens(31, EventKind::pcpu_drain, 0)).size() == 1);
  CHECK(waiting.empty());
}

TEST_CASE("a free waits for the CPU that drains or refills under zone->lock") {
  WaitingFrees waiting;
  waiting.add(happens(0, EventKind::free, 0));
  for (const std::int64_t micros : {18, 22, 26}) {
    CHECK(waiting.due(happens(micros, EventKind::pcpu_drain, 1)).empty());
  }
  SUBCASE("the drain ends with a refill, which takes the lock again") {
    CHECK(waiting.due(happens(27, EventKind::zone_locked, 1)).size() == 1);
  }
  SUBCASE("the drain ends with a pause") {
    CHECK(waiting.due(happens(40, EventKind::pcpu_drain, 1)).size() == 1);
  }
}

TEST_CASE("a free waits for the whole of a refill, which holds zone->lock however long it takes") {
  WaitingFrees waiting;
  CHECK(waiting.due(happens(0, EventKind::zone_locked, 1)).empty());
  waiting.add(happens(1, EventKind::free, 0));
  SUBCASE("the refill goes on") {
    CHECK(waiting.due(happens(400, EventKind::zone_locked, 1)).empty());
    CHECK(waiting.due(happens(900, EventKind::zone_locked, 1)).empty());
  }
  SUBCASE("its CPU has gone on to something else") {
    CHECK(waiting.due(happens(900, EventKind::alloc, 1)).size() == 1);
  }
  SUBCASE("its CPU takes the lock for another order") {
    CHECK(waiting.due(happens(900, EventKind::zone_locked, 1, 3)).size() == 1);
  }
  SUBCASE("another CPU holds the lock") {
    CHECK(waiting.due(happens(900, EventKind::zone_locked, 2)).size() == 1);
  }
}

TEST_CASE("a CPU that shows nothing for a millisecond does not run, and its free arrives when something tells") {
  WaitingFrees waiting;
  waiting.add(happens(0, EventKind::free, 0));
  TraceEvent elsewhere = happens(2'000, EventKind::zone_locked, 1);
  elsewhere.pfn = toy_page(7);
  CHECK(waiting.due(elsewhere).empty());
  CHECK(waiting.due(happens(2'001, EventKind::alloc, 1)).empty());
  SUBCASE("its page leaves a list") {
    CHECK(waiting.due(happens(3'000, EventKind::zone_locked, 1)).size() == 1);
  }
  SUBCASE("a block that holds its page is fallen back to") {
    TraceEvent fallback = toy_fallback(0, 0, Migratetype::unmovable, 2, Migratetype::movable, false);
    fallback.time = Ns{3'000'000};
    fallback.cpu = 1;
    CHECK(waiting.due(fallback).size() == 1);
  }
  SUBCASE("the CPU goes on") {
    CHECK(waiting.due(happens(3'000, EventKind::alloc, 0)).size() == 1);
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
