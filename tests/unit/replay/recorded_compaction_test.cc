// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_compaction.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_compaction.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;
using Lists = RecordedCompaction::Lists;

struct Compaction {
  explicit Compaction(Lists lists = Lists::followed, bool each_is_shown = false,
                      KernelVersion kernel = KernelVersion::v6_12) {
    KernelSnapshot snapshot = toy_snapshot("MMMMMMMM");
    add_free(snapshot, 0, kM, {34, 50, 2});
    add_free(snapshot, 1, kM, {52, 6});
    add_free(snapshot, 3, kM, {8, 24, 40});
    world.emplace(snapshot, kernel);
    compaction.emplace(*world->memory, each_is_shown, lists);
  }
  void note(const TraceEvent& event) {
    compaction->note(event, counts);
    check_memory(*world->memory);
  }
  void begin(unsigned order, std::uint64_t next) {
    note(compaction_begins(1, 0, 64));
    note(compaction_checked(1, order, next));
  }
  std::string listed(unsigned order) { return test::listed(world->zone(), order, kM); }
  bool keeps(std::uint64_t offset) {
    return compaction->keeps(world->zone(), toy_event(EventKind::free, offset, 0, kM));
  }
  std::uint64_t corrected(const std::string& kind) {
    const auto& kinds = counts.corrections.counts();
    return kinds.contains(kind) ? kinds.at(kind) : 0;
  }

  std::optional<ToyReplayWorld> world;
  std::optional<RecordedCompaction> compaction;
  ReplayCounts counts;
};

}  // namespace

TEST_CASE("a search takes the block that the numbers tell, off a list that it turns") {
  Compaction compaction;
  compaction.begin(2, 0);
  compaction.note(target_taken(1, 32, 64, 0, 2));
  CHECK(compaction.listed(0) == "2 34");
  CHECK(compaction.corrected("search_for_target_differs") == 0);
  compaction.note(target_taken(1, 32, 64, 3, 9));
  CHECK(compaction.corrected("search_for_target_differs") == 1);
}

TEST_CASE("the search for pages to move turns lists, but none that are not in the kernel's order") {
  Compaction followed;
  followed.begin(4, 24);
  CHECK(followed.listed(3) == "40 8 24");
  Compaction own(Lists::own);
  own.begin(4, 24);
  CHECK(own.listed(3) == "8 24 40");
}

TEST_CASE("a target that is announced as freed while pages move is kept, where kernels do so") {
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    Compaction compaction(Lists::followed, false, kernel);
    compaction.begin(2, 0);
    compaction.note(source_scanned(1, 0, 8, true));
    compaction.note(target_taken(1, 32, 64, 0, 2));
    CHECK(compaction.keeps(50) == (kernel == KernelVersion::v6_12));
    CHECK_FALSE(compaction.keeps(51));
    compaction.note(pages_migrated(1));
    CHECK_FALSE(compaction.keeps(50));
  }
}

TEST_CASE("what pages are moved to, although it is free, was found by a search without event") {
  Compaction compaction;
  TraceEvent move = toy_event(EventKind::migrate, 0, 0, kM);
  move.to = toy_page(53);
  compaction.compaction->take_searched(compaction.world->zone(), move);
  CHECK(compaction.listed(1) == "6");
  Compaction shown(Lists::followed, true);
  shown.compaction->take_searched(shown.world->zone(), move);
  CHECK(shown.listed(1) == "52 6");
}

TEST_CASE("targets of lists that are ours, untouched in the end, were never taken") {
  for (const Lists lists : {Lists::followed, Lists::led_back}) {
    Compaction compaction(lists);
    compaction.begin(2, 0);
    compaction.note(target_taken(1, 32, 64, 1, 2));
    CHECK(compaction.listed(1) == "6");
    compaction.note(compaction_ends(1));
    CHECK(compaction.listed(1) == (lists == Lists::followed ? "6" : "52 6"));
  }
}

TEST_CASE("lists are drained when a block has been passed out of which pages were moved") {
  Compaction compaction;
  compaction.begin(3, 0);
  compaction.note(source_scanned(1, 0, 8, true));
  CHECK_FALSE(compaction.compaction->has_drained());
  compaction.note(compaction_checked(1, 3, 8));
  CHECK(compaction.compaction->has_drained());
}

TEST_CASE("where each isolation is shown, searches and ranges take nothing more") {
  Compaction compaction(Lists::followed, true);
  compaction.begin(2, 0);
  compaction.note(target_taken(1, 32, 64, 0, 2));
  TraceEvent range = toy_event(EventKind::isolate_range, 0, 0, kM);
  range.to = toy_page(8);
  range.gfp = 3;
  compaction.note(range);
  CHECK(compaction.listed(0) == "34 50 2");
  compaction.note(toy_event(EventKind::isolate, 50, 0, kM));
  compaction.note(toy_event(EventKind::isolate, 6, 0, kM));
  CHECK(compaction.listed(0) == "7 34 2");
  CHECK(compaction.corrected("isolated_otherwise") == 1);
}

TEST_CASE("where each isolation is shown, the search that one belongs to turns its list before") {
  for (const std::uint64_t taken : {50, 2}) {
    Compaction compaction(Lists::followed, true);
    compaction.begin(2, 0);
    const TraceEvent isolated = toy_event(EventKind::isolate, taken, 0, kM);
    const TraceEvent search = target_taken(1, 32, 64, 0, 2);
    compaction.compaction->note(isolated, compaction.counts, &search);
    compaction.note(search);
    CHECK(compaction.listed(0) == (taken == 50 ? "2 34" : "34 50"));  // no such search takes 2
    CHECK(compaction.corrected("search_for_target_differs") == 0);
  }
}

TEST_CASE("searches of two CPUs at once are kept apart, and one that nothing foresaw is none of ours") {
  Compaction compaction(Lists::followed, true);
  compaction.begin(2, 0);
  const TraceEvent search = target_taken(1, 32, 64, 0, 2);
  compaction.compaction->note(toy_event(EventKind::isolate, 50, 0, kM), compaction.counts, &search);
  compaction.note(toy_event(EventKind::isolate, 6, 1, kM, 1));
  compaction.note(search);
  CHECK(compaction.listed(0) == "2 34");
  compaction.note(target_taken(1, 32, 64, 3, 9));
  CHECK(compaction.counts.corrections.counts().empty());
}
