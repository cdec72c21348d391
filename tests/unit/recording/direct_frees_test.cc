// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/direct_frees.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

std::vector<std::uint64_t> direct_among(const std::vector<TraceEvent>& events) {
  DirectFrees finder({toy_page(32)});
  std::uint64_t number = 0;
  for (const TraceEvent& event : events) {
    finder.note(event, ++number, false);
  }
  return std::move(finder).numbers();
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

TEST_CASE("blocks of a whole pageblock go through per-CPU lists, whatever size the recorded machine's are") {
  for (const unsigned pageblock : {4U, 9U}) {
    DirectFrees finder({toy_page(32), Order{pageblock}});
    finder.note(toy_event(EventKind::free, 0, 4, kM), 0, false);
    finder.note(toy_event(EventKind::zone_locked, 0, 4, kM), 1, false);
    CHECK(std::move(finder).numbers().size() == (pageblock == 4 ? 1 : 0));
  }
}

TEST_CASE("a freed page that compaction moves something to, or that a snapshot shows free, was freed directly") {
  TraceEvent move = toy_event(EventKind::migrate, 9, 0, kM);
  move.to = toy_page(5);
  CHECK(direct_among({toy_event(EventKind::free, 5, 0, kM), move}) == std::vector<std::uint64_t>{1});
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 1, kM, {4});
  DirectFrees finder({toy_page(32)});
  finder.note(toy_event(EventKind::free, 5, 0, kM), 7, false);
  finder.note(toy_event(EventKind::free, 8, 0, kM), 8, false);
  finder.note(snapshot.zones[0]);
  CHECK(std::move(finder).numbers() == std::vector<std::uint64_t>{7});
}

TEST_CASE("a freed page that a snapshot shows on no free list was not freed directly, whatever is freed later") {
  const KernelSnapshot snapshot = toy_snapshot("MM");
  DirectFrees finder({toy_page(32)});
  finder.note(toy_event(EventKind::free, 5, 0, kM), 0, false);
  finder.note(snapshot.zones[0]);
  finder.note(toy_event(EventKind::compaction, 0, 0, kM), 1, false);
  finder.note(toy_event(EventKind::free, 5, 0, kM), 2, false);
  finder.note(toy_event(EventKind::pcpu_drain, 5, 0, kM), 3, false);
  CHECK(std::move(finder).numbers().empty());
}

TEST_CASE("a steal takes its page off a list, the announcement of a claim does not") {
  for (const bool taken : {false, true}) {
    DirectFrees finder({toy_page(32)});
    finder.note(toy_event(EventKind::free, 5, 0, kM), 0, false);
    finder.note(toy_fallback(5, 0, kM, 0, Migratetype::unmovable, false), 1, taken);
    CHECK(std::move(finder).numbers().size() == (taken ? 1 : 0));
  }
}

TEST_CASE("a page that is freed twice while compaction is at work had been taken off a free list, if it is movable") {
  const TraceEvent begins = toy_event(EventKind::compaction, 0, 0, kM);
  const TraceEvent free = toy_event(EventKind::free, 5, 0, kM);
  const TraceEvent drain = toy_event(EventKind::pcpu_drain, 5, 0, kM);
  CHECK(direct_among({free, begins, free, drain}) == std::vector<std::uint64_t>{1});
  CHECK(direct_among({free, free, drain}).empty());
  CHECK(direct_among({free, begins, free, toy_event(EventKind::pcpu_drain, 5, 0, Migratetype::unmovable)}).empty());
}

TEST_CASE("pages that no memory lies behind are left out") {
  TraceEvent damaged = toy_event(EventKind::free, 0, 3, kM);
  damaged.pfn = Pfn{~std::uint64_t{0} - 7};
  CHECK(direct_among({damaged, damaged}).empty());
}
