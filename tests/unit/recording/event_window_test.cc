// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/event_window.h"

#include <doctest/doctest.h>

#include "list_reader.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

TraceEvent freed(std::uint64_t offset, unsigned cpu) {
  return toy_event(EventKind::free, offset, 0, Migratetype::movable, cpu);
}

}  // namespace

TEST_CASE("the next event of a CPU is seen past those of others, and not past the reach") {
  std::vector<TraceEvent> events{freed(0, 0), freed(1, 1), freed(2, 0)};
  events.insert(events.end(), EventWindow::kReach, freed(3, 1));
  events.push_back(freed(4, 0));
  ListReader reader(events);
  EventWindow window(reader);
  REQUIRE(window.next() != nullptr);
  REQUIRE(window.ahead(0) != nullptr);
  CHECK(window.ahead(0)->pfn == toy_page(2));
  CHECK(window.ahead(1)->pfn == toy_page(1));
  window.next();
  window.next();
  CHECK(window.ahead(0) == nullptr);
  window.next();
  REQUIRE(window.ahead(0) != nullptr);
  CHECK(window.ahead(0)->pfn == toy_page(4));
}

TEST_CASE("what lies ahead is seen across batches") {
  std::vector<TraceEvent> events(EventWindow::kReach, freed(0, 1));
  events.push_back(freed(7, 0));
  events.insert(events.end(), 3 * EventWindow::kReach, freed(1, 1));
  ListReader reader(events, EventWindow::kReach);
  EventWindow window(reader);
  window.next();
  REQUIRE(window.ahead(0) != nullptr);
  CHECK(window.ahead(0)->pfn == toy_page(7));
}

TEST_CASE("every event is given once, and then nothing") {
  ListReader reader(std::vector<TraceEvent>(3 * EventWindow::kReach, freed(0, 0)));
  EventWindow window(reader);
  std::size_t count = 0;
  while (window.next() != nullptr) {
    ++count;
  }
  CHECK(count == 3 * EventWindow::kReach);
  CHECK(window.next() == nullptr);
  CHECK(window.ahead(0) == nullptr);
}

TEST_CASE("an unannounced allocation is nobody's next event") {
  TraceEvent unannounced = freed(1, 0);
  unannounced.announced = false;
  ListReader reader({freed(0, 0), unannounced, freed(2, 0)});
  EventWindow window(reader);
  window.next();
  REQUIRE(window.ahead(0) != nullptr);
  CHECK(window.ahead(0)->pfn == toy_page(2));
  CHECK(window.next()->pfn == toy_page(1));
}
