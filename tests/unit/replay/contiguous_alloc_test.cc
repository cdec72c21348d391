// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/contiguous_alloc.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;
constexpr Order kToyPageblock{3};

TraceEvent isolated(std::uint64_t from, std::uint64_t to, std::uint32_t pages) {
  TraceEvent event = toy_event(EventKind::isolate_range, from, 0, kU);
  event.to = toy_page(to);
  event.gfp = pages;
  return event;
}

NrPages pages_of(const TraceEvent& event) { return contiguous_pages(event, kToyPageblock); }

}  // namespace

TEST_CASE("a range of which every pageblock was taken whole is an allocation of contiguous pages") {
  CHECK(pages_of(isolated(0, 8, 8)) == NrPages{8});
  CHECK(pages_of(isolated(8, 16, 8)) == NrPages{8});
  CHECK(pages_of(isolated(0, 8, 16)) == NrPages{16});  // a free block of two began there
}

TEST_CASE("a range of which some pages stayed, or that is no pageblock, is compaction's") {
  CHECK(pages_of(isolated(0, 8, 7)) == NrPages{0});
  CHECK(pages_of(isolated(4, 12, 8)) == NrPages{0});
  CHECK(pages_of(isolated(0, 4, 4)) == NrPages{0});
  CHECK(pages_of(isolated(0, 0, 0)) == NrPages{0});
  CHECK(pages_of(isolated(8, 0, 8)) == NrPages{0});
  CHECK(pages_of(toy_event(EventKind::compaction, 0, 0, kU)) == NrPages{0});
}

TEST_CASE("contiguous pages leave the lists, whatever had them, and their pageblocks are movable") {
  KernelSnapshot snapshot = toy_snapshot("UUU");
  add_free(snapshot, 4, kU, {0});
  add_free(snapshot, 0, kU, {17});
  ToyReplayWorld world(snapshot);
  RecordedPages pages(*world.memory);
  CHECK(allocate_contiguous(pages, toy_page(8), NrPages{16}, kToyPageblock));
  check_memory(*world.memory);
  CHECK(listed(world.zone(), 3, kU) == "0");
  CHECK(listed(world.zone(), 0, kU).empty());
  CHECK(world.zone().pageblock(toy_page(0)).type == kU);
  CHECK(world.zone().pageblock(toy_page(8)).type == kM);
  CHECK(world.zone().pageblock(toy_page(16)).type == kM);
  CHECK(world.zone().free_pages_exact() == NrPages{8});
}

TEST_CASE("contiguous pages outside of the zones are left out") {
  ToyReplayWorld world(toy_snapshot("UU"));
  RecordedPages pages(*world.memory);
  CHECK_FALSE(allocate_contiguous(pages, toy_page(8), NrPages{16}, kToyPageblock));
  CHECK(world.zone().pageblock(toy_page(8)).type == kM);
  check_memory(*world.memory);
}
