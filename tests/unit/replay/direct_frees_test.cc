// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/direct_frees.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

std::vector<std::uint64_t> direct_among(const std::vector<TraceEvent>& events) {
  DirectFreeFinder finder;
  std::uint64_t number = 0;
  for (const TraceEvent& event : events) {
    finder.note(event, ++number);
  }
  return finder.take();
}

}  // namespace

TEST_CASE("a freed page that leaves a list without having returned to one was freed directly") {
  CHECK(direct_among({toy_event(EventKind::free, 5, 0, kM), toy_event(EventKind::zone_locked, 4, 1, kM)}) ==
        std::vector<std::uint64_t>{1});
}

TEST_CASE("a freed page that is drained, or allocated again, took the usual way") {
  CHECK(direct_among({toy_event(EventKind::free, 5, 0, kM), toy_event(EventKind::pcpu_drain, 5, 0, kM),
                      toy_event(EventKind::zone_locked, 5, 0, kM)})
            .empty());
  CHECK(direct_among({toy_event(EventKind::free, 5, 0, kM), toy_event(EventKind::alloc, 5, 0, kM),
                      toy_event(EventKind::zone_locked, 5, 0, kM)})
            .empty());
}

TEST_CASE("orders without per-CPU lists are no finding, and each free is found once") {
  CHECK(direct_among({toy_event(EventKind::free, 0, 4, kM), toy_event(EventKind::zone_locked, 0, 4, kM)}).empty());
  CHECK(direct_among({toy_event(EventKind::free, 0, 2, kM), toy_event(EventKind::zone_locked, 2, 0, kM),
                      toy_event(EventKind::zone_locked, 0, 1, kM)}) == std::vector<std::uint64_t>{1});
}
