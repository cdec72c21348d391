// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/vain_isolation.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;

/** Two gigantic ranges of eight pageblocks of eight pages. */
KernelSnapshot two_ranges() { return toy_snapshot("MUMMUMMMUUUUUUUU"); }

/** With free pages of those lists, which are no buddies. */
KernelSnapshot with_pages(const std::vector<std::uint64_t>& free) {
  KernelSnapshot snapshot = two_ranges();
  add_free(snapshot, 0, kM, free);
  return snapshot;
}

/**
 * Pages of the first range are on LRU lists, but for an unmovable one in pageblock 4: attempts isolate pageblocks 0 to
 * 3 and 7. All of the second range is unmovable.
 */
struct World {
  explicit World(const KernelSnapshot& snapshot, KernelVersion kernel = KernelVersion::v6_12) : toy(snapshot, kernel) {
    for (std::uint64_t page = 0; page < 64; ++page) {
      if (page != 36 && zone().slot(toy_page(page)).kind() == Slot::Kind::raw) {
        set_on_lru(page, true);
      }
    }
  }
  void set_on_lru(std::uint64_t page, bool is_on) {
    RecordedPages::label(zone(), toy_page(page), Order{0}, is_on ? kM : kU, is_on);
  }
  Zone& zone() { return toy.zone(); }
  /** Whether it explains that the kernel takes @offset, which leaves our lists then. */
  bool takes(std::uint64_t offset, Ns time = Ns{0}) {
    TraceEvent event = toy_event(EventKind::zone_locked, offset, 0, kM);
    event.time = time;
    const bool explained = vain.explains(zone(), event);
    RecordedPages::seize(zone(), event.pfn, Order{0}, kM, false);
    vain.note_cached(event);
    return explained;
  }

  ToyReplayWorld toy;
  VainIsolation vain;
};

}  // namespace

TEST_CASE("blocks passed over twice in a row, all where an attempt isolates, were put back by it in order of address") {
  World world(with_pages({9, 70, 1, 74, 57, 17}));
  CHECK_FALSE(world.takes(70));
  CHECK(world.takes(74));
  CHECK(listed(world.zone(), 0, kM) == "1 9 17 57");
  CHECK(world.zone().pageblock(toy_page(9)).type == kM);   // it was unmovable
  CHECK(world.zone().pageblock(toy_page(36)).type == kU);  // in the way
  check_memory(*world.toy.memory);
}

TEST_CASE("two blocks passed over at once are enough") {
  World world(with_pages({9, 1, 70}));
  CHECK(world.takes(70));
  CHECK(listed(world.zone(), 0, kM) == "1 9");
}

TEST_CASE("one block passed over may have other reasons, and so may any outside of what an attempt isolates") {
  World once(with_pages({9, 70, 74, 78, 41}));
  CHECK_FALSE(once.takes(70));
  CHECK_FALSE(once.takes(78));  // 74 was passed over, too
  CHECK_FALSE(once.takes(74));  // one again
  CHECK(listed(once.zone(), 0, kM) == "9 41");
  World beyond(with_pages({41, 43, 70}));
  CHECK_FALSE(beyond.takes(70));
  World none(two_ranges());
  CHECK_FALSE(none.takes(70));
}

TEST_CASE("lists of other types lose what became movable") {
  KernelSnapshot snapshot = two_ranges();
  add_free(snapshot, 1, kU, {8, 12, 72});
  World world(snapshot);
  CHECK(world.vain.explains(world.zone(), toy_event(EventKind::zone_locked, 72, 1, kU)));
  CHECK(listed(world.zone(), 1, kU) == "72");
  CHECK(listed(world.zone(), 1, kM) == "8 12");
}

TEST_CASE("up to two pageblocks in the way may be younger than the attempt") {
  World two(with_pages({41, 43, 70}));
  World three(with_pages({41, 43, 70}));
  for (const std::uint64_t page : {12, 52}) {
    two.set_on_lru(page, false);
  }
  for (const std::uint64_t page : {12, 20, 52}) {
    three.set_on_lru(page, false);
  }
  CHECK(two.takes(70));
  CHECK_FALSE(three.takes(70));
}

TEST_CASE("pages on per-CPU lists are not in the way") {
  World world(with_pages({41, 43, 70}));
  for (const std::uint64_t page : {12, 20, 52}) {
    world.set_on_lru(page, false);
  }
  world.vain.note_cached(toy_event(EventKind::free, 12, 0, kU));
  CHECK(world.takes(70));
}

TEST_CASE("where the last pageblock cannot be isolated, only the first was") {
  World world(with_pages({1, 3, 9, 70}));
  world.set_on_lru(60, false);
  CHECK_FALSE(world.takes(70));
  CHECK(world.takes(9));
}

TEST_CASE("a range in which nothing is in the way would have been had") {
  World world(with_pages({9, 1, 70}));
  world.set_on_lru(36, true);
  CHECK_FALSE(world.takes(70));
}

TEST_CASE("soon after compaction, which turns lists, more has to be passed over") {
  World world(with_pages({9, 1, 70, 74, 78}));
  world.vain.note_compaction(Ns{5});
  CHECK_FALSE(world.takes(70, Ns{10}));
  CHECK(world.takes(74, Ns{10}));  // four blocks, where 5 of 16 pageblocks are isolated: a hundredth
  World later(with_pages({9, 1, 70}));
  later.vain.note_compaction(Ns{5});
  CHECK(later.takes(70, Ns{1'000'000'000}));
}

TEST_CASE("larger free blocks end as they were, at the tail") {
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    KernelSnapshot snapshot = toy_snapshot("MMMMUMMMUUUUUUUU");
    add_free(snapshot, 4, kM, {16, 0, 80});
    World world(snapshot, kernel);
    CHECK(world.vain.explains(world.zone(), toy_event(EventKind::zone_locked, 80, 4, kM)));
    CHECK(listed(world.zone(), 4, kM) == "80 0 16");
    check_memory(*world.toy.memory);
  }
}
