// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/untraced_finder.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;

/** Events of one page each time, a nanosecond apart from 1 on. */
struct Finder {
  Finder& event(EventKind kind, std::uint64_t offset, unsigned order = 0) {
    TraceEvent event = toy_event(kind, offset, order, kU);
    event.time = Ns{++time};
    finder.note(event, kind == EventKind::zone_locked);
    return *this;
  }
  Finder& snapshot(const KernelSnapshot& snapshot) {
    finder.note(snapshot.zones[0]);
    return *this;
  }
  std::vector<UntracedStay> stays() { return std::move(finder).stays(); }

  UntracedFinder finder{toy_page(16)};
  std::int64_t time = 0;
};

/** Page 4 waits on a per-CPU list, the others are in use. */
KernelSnapshot cached_page() {
  KernelSnapshot snapshot = toy_snapshot("UU");
  snapshot.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(4)};
  return snapshot;
}

}  // namespace

TEST_CASE("a page that leaves the buddy and is freed without an allocation was held unannounced") {
  const auto stays = Finder().event(EventKind::zone_locked, 5).event(EventKind::free, 5).stays();
  REQUIRE(stays.size() == 1);
  CHECK(stays[0].pfn == toy_page(5));
  CHECK(stays[0].from == Ns{1});
  CHECK(stays[0].until == Ns{2});
}

TEST_CASE("a page that is allocated, or drained, was not") {
  CHECK(Finder().event(EventKind::zone_locked, 5).event(EventKind::alloc, 5).event(EventKind::free, 5).stays().empty());
  CHECK(Finder()
            .event(EventKind::zone_locked, 5)
            .event(EventKind::pcpu_drain, 5)
            .event(EventKind::free, 5)
            .stays()
            .empty());
  CHECK(Finder().event(EventKind::free, 5).stays().empty());
}

TEST_CASE("of a block each page may be held by itself, and what left first comes first") {
  const auto stays =
      Finder().event(EventKind::zone_locked, 8, 1).event(EventKind::zone_locked, 2).event(EventKind::free, 2).event(
          EventKind::free, 9).stays();
  REQUIRE(stays.size() == 2);
  CHECK(stays[0].pfn == toy_page(9));
  CHECK(stays[1].pfn == toy_page(2));
}

TEST_CASE("what a snapshot has on no list is held, until a free or to the end") {
  Finder finder;
  finder.event(EventKind::zone_locked, 4).event(EventKind::zone_locked, 5).event(EventKind::zone_locked, 6);
  const auto stays = finder.snapshot(cached_page()).event(EventKind::free, 6).stays();
  REQUIRE(stays.size() == 2);
  CHECK(stays[0].pfn == toy_page(5));
  CHECK(stays[0].until == Ns::max());
  CHECK(stays[1].pfn == toy_page(6));
  CHECK(stays[1].until == Ns{4});
}

TEST_CASE("a page that a later event announces was only on its way") {
  CHECK(Finder().event(EventKind::zone_locked, 5).snapshot(cached_page()).event(EventKind::alloc, 5).stays().empty());
}

TEST_CASE("pages beyond the end are not followed") {
  CHECK(Finder().event(EventKind::zone_locked, 20).event(EventKind::free, 20).stays().empty());
}

TEST_CASE("a page that is freed twice without an allocation was handed out in between, unless it was drained") {
  const auto stays = Finder().event(EventKind::free, 5).event(EventKind::free, 5).stays();
  REQUIRE(stays.size() == 1);
  CHECK(stays[0].from == Ns{1});
  CHECK(stays[0].until == Ns{2});
  Finder drained;
  drained.event(EventKind::free, 5).event(EventKind::pcpu_drain, 5).event(EventKind::free, 5);
  CHECK(drained.stays().empty());
}

TEST_CASE("a freed page that a snapshot has on no list was handed out since") {
  Finder finder;
  finder.event(EventKind::free, 4).event(EventKind::free, 5).event(EventKind::free, 6);
  KernelSnapshot snapshot = cached_page();
  add_free(snapshot, 0, kU, {6});
  const auto stays = finder.snapshot(snapshot).stays();
  REQUIRE(stays.size() == 1);
  CHECK(stays[0].pfn == toy_page(5));
}

TEST_CASE("the bulk allocator takes single pages, not those of larger blocks that were freed") {
  CHECK(Finder().event(EventKind::free, 4, 1).event(EventKind::free, 4).stays().empty());
}

TEST_CASE("pages freed one by one and then as a block were a larger page's, which has no event of its own") {
  Finder finder;
  finder.event(EventKind::free, 4).event(EventKind::free, 5);
  CHECK(finder.event(EventKind::free, 4, 1).stays().empty());
}

TEST_CASE("while compaction is at work, a second free may give back a page that it took and did not use") {
  CHECK(Finder()
            .event(EventKind::free, 5)
            .event(EventKind::compaction, 9)
            .event(EventKind::free, 5)
            .stays()
            .empty());
}

TEST_CASE("what compaction moves to is no allocation without an event") {
  Finder finder;
  finder.event(EventKind::free, 5);
  TraceEvent move = toy_event(EventKind::migrate, 9, 0, kU);
  move.to = toy_page(5);
  finder.finder.note(move, false);
  CHECK(finder.event(EventKind::free, 5).stays().empty());
}
