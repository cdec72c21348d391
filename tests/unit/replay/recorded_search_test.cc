// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_search.h"

#include <doctest/doctest.h>

#include "toy_compaction.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

/** Both scanners at the ends of eight pageblocks: a target is preferred from page 48 on, will do from 32 on. */
struct Search {
  Search() {
    KernelSnapshot snapshot = toy_snapshot("MMMMMMMM");
    add_free(snapshot, 0, kM, {34, 50, 2, 36, 4});
    add_free(snapshot, 1, kM, {52, 6});
    world.emplace(snapshot);
    run.wish = Order{2};
    run.search_order = Order{2};
    run.migrate_pfn = toy_page(0);
    run.free_pfn = toy_page(64);
  }
  std::optional<FoundTarget> find(const TraceEvent& event) const {
    return recorded_target(world->memory->zone(0), event, run);
  }

  std::optional<ToyReplayWorld> world;
  CompactionRun run;
};

}  // namespace

TEST_CASE("a search of ours that meets as many blocks and takes the same order is the recorded one") {
  const Search search;
  const auto found = search.find(target_taken(1, 32, 64, 1, 2));
  REQUIRE(found);
  CHECK(found->block == toy_page(52));
}

TEST_CASE("where the run's state does not give the numbers, another beginning may") {
  const Search search;
  const auto found = search.find(target_taken(1, 32, 64, 0, 4));
  REQUIRE(found);
  CHECK(found->block == toy_page(50));
}

TEST_CASE("numbers that no search of our lists gives are not explained") {
  const Search search;
  CHECK_FALSE(search.find(target_taken(1, 32, 64, 3, 1)));
  CHECK_FALSE(search.find(target_taken(1, 32, 64, 1, 9)));
}

TEST_CASE("where the scanners have met, nothing is taken") {
  const Search search;
  TraceEvent missed = target_missed(1, 0, 64, 7);
  missed.has_pfn = false;
  const auto found = search.find(missed);
  REQUIRE(found);
  CHECK_FALSE(found->block);
}

TEST_CASE("a search that failed shortens the next and moves on, one that found a good block begins anew") {
  Search search;
  const Zone& zone = search.world->zone();
  note_search(search.run, target_missed(1, 32, 64, 7), std::nullopt, zone);
  CHECK(search.run.search_fails == 1);
  CHECK(search.run.search_order == Order{1});
  const TraceEvent taken = target_taken(1, 32, 64, 1, 2);
  note_search(search.run, taken, search.find(taken), zone);
  CHECK(search.run.search_fails == 0);
  CHECK(search.run.search_order == Order{1});
}

TEST_CASE("the look for pages to move leads to the pageblock that was scanned next") {
  KernelSnapshot snapshot = toy_snapshot("MMMMMMMM");
  add_free(snapshot, 3, kM, {40, 16, 8});
  ToyReplayWorld world(snapshot);
  CompactionRun run;
  run.wish = Order{4};
  run.migrate_pfn = toy_page(0);
  run.free_pfn = toy_page(64);
  const auto found = recorded_source(world.zone(), compaction_checked(1, 4, 8), run);
  REQUIRE(found);
  CHECK(found->block == toy_page(8));
  CHECK(found->scanned == 3);
  CHECK_FALSE(recorded_source(world.zone(), compaction_checked(1, 4, 24), run)->block);
  run.migrate_pfn = toy_page(4);  // within a pageblock: it goes on there
  CHECK_FALSE(recorded_source(world.zone(), compaction_checked(1, 4, 8), run));
  run.migrate_pfn = toy_page(0);
  run.wish = kCostlyOrder;
  CHECK_FALSE(recorded_source(world.zone(), compaction_checked(1, 3, 8), run));
}
