// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/allocs_replay.h"

#include <doctest/doctest.h>

#include <utility>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr std::uint32_t kGfpKernel = 0xcc0;
constexpr std::uint32_t kGfpNoWait = 0x800;

/** Two CPUs whose refills take two blocks; the first pageblock is free. */
KernelSnapshot one_free_block() {
  KernelSnapshot snapshot = toy_snapshot("UU");
  add_free(snapshot, 3, kU, {0});
  for (PcpImage& pcp : snapshot.zones[0].pcps) {
    pcp.batch = 2;
    pcp.high = 8;
  }
  return snapshot;
}

struct Replay {
  explicit Replay(const KernelSnapshot& snapshot, UntracedPages pages = {})
      : world(snapshot, KernelVersion::v6_1, PcpLoad::lists),
        untraced(std::move(pages)),
        replay(*world.memory, untraced) {
    world.zone().set_watermarks(Watermarks{});
  }
  void event(EventKind kind, std::uint64_t offset, unsigned cpu = 0) {
    TraceEvent event = toy_event(kind, offset, 0, kU, cpu);
    event.gfp = kGfpKernel;
    event.time = Ns{time += 1000};
    replay.feed(event);
  }
  const Score& score() {
    replay.flush();
    check_memory(*world.memory);
    return replay.counts().whole;
  }
  std::uint64_t corrected(const std::string& kind) {
    const auto& counts = replay.counts().corrections.counts();
    return counts.contains(kind) ? counts.at(kind) : 0;
  }

  ToyReplayWorld world;
  UntracedPages untraced;
  AllocsReplay replay;
  std::int64_t time = 0;
};

}  // namespace

TEST_CASE("a refill and what follows from it are foretold by calls alone") {
  Replay replay(one_free_block());
  replay.event(EventKind::alloc, 0);
  replay.event(EventKind::alloc, 1);
  replay.event(EventKind::alloc, 2);
  replay.event(EventKind::free, 1);
  replay.event(EventKind::alloc, 1);
  CHECK(replay.score().all.total == 4);
  CHECK(replay.score().all.predicted == 4);
}

TEST_CASE("a CPU that refilled earlier than its call shows is let in front, at the price of one miss") {
  Replay replay(one_free_block());
  replay.event(EventKind::alloc, 2, 1);
  replay.event(EventKind::alloc, 0, 0);
  replay.event(EventKind::alloc, 3, 1);
  replay.event(EventKind::alloc, 1, 0);
  CHECK(replay.score().all.predicted == 3);
  CHECK(replay.corrected("overtaken_by_another_cpu") == 1);
}

TEST_CASE("pages above the recorded one on its list were taken by calls that no event shows") {
  Replay replay(one_free_block());
  replay.event(EventKind::alloc, 1);
  replay.event(EventKind::free, 0);
  replay.event(EventKind::alloc, 0);
  CHECK(replay.score().all.predicted == 1);
  CHECK(replay.corrected("taken_unannounced") == 1);
}

TEST_CASE("a refill that nobody announced goes on up to the page that untraced.csv knows, and counts once") {
  Replay replay(one_free_block(), UntracedPages({{toy_page(5), Ns{0}, Ns::max()}}));
  replay.event(EventKind::zone_locked, 5);
  CHECK(replay.score().all.total == 0);
  CHECK(replay.corrected("refilled_unannounced") == 1);
  CHECK(replay.world.zone().pcp(CpuId{0}).count == 6);
  CHECK(replay.world.zone().free_pages_exact() == NrPages{2});
}

TEST_CASE("pages that untraced.csv knows are passed over without a miss") {
  Replay replay(one_free_block(), UntracedPages({{toy_page(0), Ns{0}, Ns::max()}}));
  replay.event(EventKind::alloc, 1);
  CHECK(replay.score().all.predicted == 1);
  CHECK(replay.replay.counts().skipped.counts().at("taken_unannounced") == 1);
}

TEST_CASE("frees in a row are not ended by calls that no event shows") {
  Replay replay(one_free_block(), UntracedPages(std::vector{UntracedStay{toy_page(0), Ns{0}, Ns::max()}}));
  replay.world.zone().pcp(CpuId{0}).free_factor = 4;
  replay.event(EventKind::alloc, 1);
  CHECK(replay.score().all.predicted == 1);
  CHECK(replay.world.zone().pcp(CpuId{0}).free_factor == 2);
}

TEST_CASE("frees in a row are not ended by a refill that no event shows") {
  Replay replay(one_free_block(), UntracedPages({{toy_page(5), Ns{0}, Ns::max()}}));
  replay.world.zone().pcp(CpuId{0}).free_factor = 4;
  replay.event(EventKind::zone_locked, 5);
  replay.score();
  CHECK(replay.corrected("refilled_unannounced") == 1);
  CHECK(replay.world.zone().pcp(CpuId{0}).free_factor == 4);
}

TEST_CASE("of what lies above the recorded page, such calls have what untraced.csv knows, and the rest was drained") {
  KernelSnapshot snapshot = one_free_block();
  snapshot.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(8), toy_page(10), toy_page(12)};
  Replay replay(snapshot, UntracedPages({{toy_page(10), Ns{0}, Ns::max()}}));
  replay.event(EventKind::alloc, 12);
  replay.score();
  CHECK(listed(replay.world.zone(), 0, kU) == "8");
  CHECK(replay.corrected("taken_unannounced") == 1);
  CHECK(replay.corrected("drained_unannounced") == 1);
}

TEST_CASE("what such calls took is not drained with the rest of its list") {
  KernelSnapshot snapshot = one_free_block();
  snapshot.zones[0].pcps[0].high = 4;
  Replay replay(snapshot, UntracedPages(std::vector{UntracedStay{toy_page(1), Ns{0}, Ns::max()}}));
  replay.event(EventKind::alloc, 0);
  for (std::uint64_t page = 8; page < 12; ++page) {
    replay.event(EventKind::free, page);
  }
  CHECK(replay.score().all.predicted == 1);
  CHECK(replay.world.zone().view(toy_page(1)).kind != PageKind::free_head);
  CHECK(replay.replay.counts().skipped.counts().at("taken_unannounced") == 1);
}

TEST_CASE("a refill that the kernel made elsewhere is undone, and made from there") {
  KernelSnapshot snapshot = toy_snapshot("UU");
  add_free(snapshot, 1, kU, {0, 8});
  for (PcpImage& pcp : snapshot.zones[0].pcps) {
    pcp.batch = 2;
    pcp.high = 8;
  }
  Replay replay(snapshot);
  replay.event(EventKind::alloc, 8);
  replay.event(EventKind::alloc, 9);
  CHECK(replay.score().all.predicted == 1);
  CHECK(replay.corrected("refilled_elsewhere") == 1);
  CHECK(listed(replay.world.zone(), 1, kU) == "0");
}

TEST_CASE("a list that the kernel refilled anew was not its list: what we have on it is free") {
  KernelSnapshot snapshot = one_free_block();
  snapshot.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(8)};
  Replay replay(snapshot);
  replay.event(EventKind::alloc, 0);
  replay.event(EventKind::alloc, 1);
  CHECK(replay.score().all.predicted == 1);
  CHECK(replay.corrected("refilled_unforeseen") == 1);
  CHECK(listed(replay.world.zone(), 0, kU) == "8");
}

TEST_CASE("a list whose next page the next call takes is the kernel's") {
  KernelSnapshot snapshot = one_free_block();
  snapshot.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(8)};
  Replay replay(snapshot);
  replay.event(EventKind::alloc, 0);
  replay.event(EventKind::alloc, 8);
  CHECK(replay.score().all.predicted == 1);
  CHECK(replay.corrected("refilled_unforeseen") == 0);
}

TEST_CASE("where the kernel gave in for too few pages no more than we would, lists of other CPUs had been drained") {
  KernelSnapshot snapshot = toy_snapshot("UUU");
  add_free(snapshot, 3, kU, {0});
  snapshot.zones[0].pcps[0].batch = 2;
  snapshot.zones[0].pcps[1].batch = 1;
  for (std::uint64_t page = 8; page < 24; ++page) {
    snapshot.zones[0].pcps[1].lists[pcp_list(Order{0}, kU)].push_back(toy_page(page));
  }
  Replay replay(snapshot);
  replay.world.zone().set_watermarks(Watermarks{{14, 14, 14}, {}});
  keep_exact(replay.world.zone());
  TraceEvent call = toy_event(EventKind::alloc, 1, 0, kU);
  call.gfp = kGfpNoWait;
  replay.replay.feed(call);
  CHECK(replay.score().all.predicted == 0);
  CHECK(replay.corrected("drained_for_watermark") == 1);
  CHECK(replay.world.zone().pcp(CpuId{1}).count == 7);
}

TEST_CASE("after a miss the recorded page is taken from wherever it is") {
  Replay replay(one_free_block());
  replay.event(EventKind::alloc, 9);
  CHECK(replay.score().all.predicted == 0);
  CHECK(replay.corrected("allocated_while_allocated") == 1);
  replay.event(EventKind::free, 9);
  replay.event(EventKind::alloc, 9);
  CHECK(replay.score().all.predicted == 1);
}

TEST_CASE("a zone that the kernel passes over having given in is known to be short from then on") {
  KernelSnapshot snapshot = one_free_block();
  snapshot.zones.push_back(snapshot.zones[0]);
  ZoneImage& normal = snapshot.zones[1];
  normal.type = ZoneType::normal;
  normal.start = Pfn{2048};
  normal.free[3][index(kU)] = {normal.start};
  Replay replay(snapshot);
  Zone& upper = replay.world.memory->zone(1);
  replay.world.zone().set_watermarks(Watermarks{{3, 1000, 1001}, {}});
  upper.set_watermarks(Watermarks{{8, 40, 41}, {}});
  upper.free_stat().assume_global(9);  // of 8: CPUs have yet to fold one page they took
  replay.event(EventKind::alloc, 0);
  replay.event(EventKind::alloc, 1);
  CHECK(replay.score().all.total == 2);
  CHECK(replay.score().all.predicted == 1);
  CHECK(upper.free_pages_exact() == NrPages{8});
}

TEST_CASE("contiguous pages that a range of whole pageblocks shows are allocated, and no refill brings them") {
  KernelSnapshot snapshot = one_free_block();
  add_free(snapshot, 0, kU, {8});
  Replay replay(snapshot);
  TraceEvent range = toy_event(EventKind::isolate_range, 0, 0, kU);
  range.to = toy_page(8);
  range.gfp = 8;
  replay.replay.feed(range);
  replay.event(EventKind::alloc, 8);
  CHECK(replay.score().all.predicted == 1);
  CHECK(replay.world.zone().pageblock(toy_page(0)).type == Migratetype::movable);
}

TEST_CASE("what happens up to the first compaction is scored by itself") {
  Replay replay(one_free_block());
  replay.event(EventKind::alloc, 0);
  replay.replay.note_compaction();
  replay.event(EventKind::alloc, 1);
  CHECK(replay.score().all.total == 2);
  CHECK(replay.replay.counts().before_compaction->all.total == 1);
}

TEST_CASE("a call that finds nothing after reclaim has emptied the per-CPU lists before it fails") {
  for (const std::uint32_t gfp : {kGfpKernel, kGfpNoWait}) {
    Replay replay(one_free_block());
    replay.event(EventKind::alloc, 0);
    TraceEvent failed = toy_event(EventKind::alloc, 0, 4, kU);
    failed.has_pfn = false;
    failed.gfp = gfp;
    replay.replay.feed(failed);
    replay.score();
    CHECK(replay.world.zone().pcp(CpuId{0}).count == (gfp == kGfpKernel ? 0 : 1));
  }
}
