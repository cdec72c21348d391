// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/compaction_runs.h"

#include <doctest/doctest.h>

#include "toy_compaction.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr Order kToyPageblock{3};

}  // namespace

TEST_CASE("a run knows what it is for and where both scanners are") {
  CompactionRuns runs(kToyPageblock);
  runs.note(compaction_begins(1, 0, 64));
  CompactionRun& run = runs.note(compaction_checked(1, 3, 8));
  CHECK(run.wish == Order{3});
  CHECK(run.search_order == Order{3});
  CHECK(run.free_pfn == toy_page(64));
  CHECK(run.migrate_pfn == toy_page(0));
  runs.note(source_scanned(1, 8, 16, true));
  CHECK(run.migrate_pfn == toy_page(16));
  CHECK(run.moves_pages);
  runs.note(pages_migrated(1));
  CHECK_FALSE(run.moves_pages);
}

TEST_CASE("tasks compact side by side, and what is not told by task belongs to the last on its CPU") {
  CompactionRuns runs(kToyPageblock);
  runs.note(compaction_begins(1, 0, 64));
  runs.note(compaction_begins(2, 8, 64));
  runs.hold(0, {toy_page(40), Order{0}});
  CHECK(runs.note(compaction_checked(2, 3, 8)).holds(toy_page(40)));
  CHECK_FALSE(runs.note(compaction_checked(1, 3, 0)).holds(toy_page(40)));
  runs.hold(0, {toy_page(41), Order{0}});
  CHECK(runs.note(compaction_checked(1, 3, 0)).holds(toy_page(41)));
}

TEST_CASE("a target is kept while its task moves pages, whatever others do") {
  CompactionRuns runs(kToyPageblock);
  runs.note(compaction_begins(1, 0, 64)).hold({toy_page(40), Order{2}});
  runs.note(source_scanned(2, 8, 16, true));
  CHECK_FALSE(runs.is_kept(toy_page(41)));
  runs.note(source_scanned(1, 0, 8, true));
  CHECK(runs.is_kept(toy_page(43)));
  CHECK_FALSE(runs.is_kept(toy_page(44)));
}

TEST_CASE("lists are drained once after the last page of a block was moved") {
  CompactionRuns runs(kToyPageblock);
  runs.note(compaction_begins(1, 0, 64));
  runs.note(compaction_checked(1, 3, 0));
  CompactionRun& run = runs.note(source_scanned(1, 0, 4, true));
  const TraceEvent check = compaction_checked(1, 3, 4);
  CHECK_FALSE(CompactionRuns::has_passed_block(check, run));
  runs.note(source_scanned(1, 4, 8, false));
  CHECK_FALSE(CompactionRuns::has_passed_block(pages_migrated(1), run));
  CHECK(CompactionRuns::has_passed_block(check, run));
  CHECK_FALSE(CompactionRuns::has_passed_block(check, run));
}

TEST_CASE("what ended runs held is nobody's when no run is left") {
  CompactionRuns runs(kToyPageblock);
  runs.note(compaction_begins(1, 0, 64)).hold({toy_page(40), Order{2}});
  runs.note(compaction_begins(2, 0, 64));
  runs.end(compaction_ends(1));
  CHECK(runs.take_nobodys().empty());
  runs.end(compaction_ends(2));
  CHECK(runs.take_nobodys().size() == 1);
  CHECK(runs.take_nobodys().empty());
}

TEST_CASE("a target that shows after its run's end is nobody's, and begins no run") {
  CompactionRuns runs(kToyPageblock);
  runs.note(compaction_begins(1, 0, 64));
  runs.end(compaction_ends(1));
  runs.hold(0, {toy_page(40), Order{2}});
  CHECK_FALSE(runs.any_moves_pages());
  CHECK(runs.take_nobodys().size() == 1);
}

TEST_CASE("of many targets the latest are known") {
  CompactionRun run;
  for (std::uint64_t i = 0; i <= CompactionRun::kMostHeld; ++i) {
    run.hold({Pfn{i}, Order{0}});
  }
  CHECK(run.held.size() <= CompactionRun::kMostHeld);
  CHECK(run.holds(Pfn{CompactionRun::kMostHeld}));
  CHECK(run.holds(Pfn{CompactionRun::kMostHeld / 2}));
  CHECK_FALSE(run.holds(Pfn{0}));
}
