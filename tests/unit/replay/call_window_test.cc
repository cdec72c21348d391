// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/call_window.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

CallWindow three_events() {
  CallWindow window;
  window.push(toy_event(EventKind::zone_locked, 1, 0, kM, 0));
  window.push(toy_event(EventKind::alloc, 2, 0, kM, 1));
  window.push(toy_event(EventKind::free, 3, 0, kM, 0));
  return window;
}

}  // namespace

TEST_CASE("the next call of a CPU is its next allocation or free") {
  CallWindow window = three_events();
  REQUIRE(window.next_call(0) != nullptr);
  CHECK(window.next_call(0)->pfn == toy_page(3));
  CHECK(window.next_call(1)->pfn == toy_page(2));
  CHECK(window.next_call(2) == nullptr);
}

TEST_CASE("a call that was taken ahead of its turn does not come again") {
  CallWindow window = three_events();
  CHECK(window.take_next_call(1).pfn == toy_page(2));
  CHECK(window.next_call(1) == nullptr);
  CHECK(window.pop()->pfn == toy_page(1));
  CHECK_FALSE(window.pop());
  CHECK(window.pop()->pfn == toy_page(3));
  CHECK(window.empty());
}

TEST_CASE("calls are visited in order, other events are not") {
  std::vector<Pfn> seen;
  three_events().for_each_call([&](const TraceEvent& event) { seen.push_back(event.pfn); });
  CHECK(seen == std::vector{toy_page(2), toy_page(3)});
}
