// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/memory_pressure.h"

#include <doctest/doctest.h>

#include "folio_world.h"
#include "sim/allocator/page_allocator.h"

using namespace gbsim;
using test::FolioWorld;

namespace {

struct Waker : DaemonWaker {
  void kswapd_woken(NodeId) override { ++kswapd; }
  void kcompactd_woken(NodeId) override { ++kcompactd; }
  unsigned kswapd = 0;
  unsigned kcompactd = 0;
};

struct Victims : OomVictims {
  NrPages largest() override { return size; }
  void kill_largest() override { size = NrPages{}; }
  NrPages size{};
};

/** The toy world with all that relieves its memory. */
struct World {
  World() { pressure.connect(waker, victims); }

  PageRequest request(unsigned order, Gfp gfp) { return PageRequest{Order{order}, gfp, CpuId{}, NodeId{}}; }
  void set_marks(std::uint64_t min, std::uint64_t low, std::uint64_t high) {
    Watermarks marks;
    marks.mark = {min, low, high};
    folios.zone().set_watermarks(marks);
  }

  FolioWorld folios;
  Reclaim reclaim{folios.memory()};
  Kcompactd kcompactd{folios.memory(), folios.compaction};
  MemoryPressure pressure{folios.memory(), reclaim, folios.compaction, kcompactd};
  Waker waker;
  Victims victims;
};

constexpr std::string_view kScattered = "M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M.";

}  // namespace

TEST_CASE("kswapd is woken once for a zone below its high watermark") {
  World world;
  world.folios.paint(kScattered);
  world.set_marks(10, 20, 40);
  world.pressure.wake_kswapd(world.folios.zone(), world.request(0, gfp::kKernel));
  world.pressure.wake_kswapd(world.folios.zone(), world.request(0, gfp::kKernel));
  CHECK(world.waker.kswapd == 1);
}

TEST_CASE("where memory is plenty but scattered, kcompactd is woken for callers that do not compact themselves") {
  World world;
  world.folios.paint("........ " + std::string(kScattered.substr(9)));
  world.pressure.wake_kswapd(world.folios.zone(), world.request(0, gfp::kNowait));
  CHECK(world.waker.kswapd == 0);
  CHECK(world.waker.kcompactd == 0);
  world.pressure.wake_kcompactd(NodeId{}, Order{4});
  CHECK(world.waker.kcompactd == 1);
}

TEST_CASE("direct compaction makes a block for its caller and its time is added up") {
  World world;
  world.folios.paint(kScattered);
  const PageRequest request = world.request(3, gfp::kHighuserMovable);
  CHECK(world.pressure.direct_compact(request, CompactPriority::sync_light) == CompactOutcome::success);
  CHECK(world.pressure.take_captured());
  CHECK(world.pressure.direct_times().compaction > Ns{0});
  CHECK(world.pressure.direct_times().reclaim == Ns{0});
}

TEST_CASE("no io, no compaction") {
  World world;
  world.folios.paint(kScattered);
  CHECK(world.pressure.direct_compact(world.request(3, gfp::kNoio), CompactPriority::sync_light) ==
        CompactOutcome::skipped);
}

TEST_CASE("direct reclaim frees clean file folios") {
  World world;
  world.folios.paint("FFFFFFFF FFFFFFFF UUUUUUUU UUUUUUUU UUUUUUUU UUUUUUUU UUUUUUUU UUUUUUUU");
  CHECK(world.pressure.reclaimable_in(world.folios.zone()) == NrPages{16});
  CHECK(world.pressure.direct_reclaim(world.request(0, gfp::kKernel)) != NrPages{});
  CHECK(world.pressure.direct_times().reclaim > Ns{0});
}

TEST_CASE("the OOM killer takes the largest process, and says if there is none") {
  World world;
  CHECK_FALSE(world.pressure.oom_kill(world.request(0, gfp::kKernel)));
  world.victims.size = NrPages{100};
  CHECK(world.pressure.oom_kill(world.request(0, gfp::kKernel)));
  CHECK(world.folios.count(VmEvent::oom_kill) == 1);
}

TEST_CASE("an allocation that compacts at length succeeds with real relief") {
  World world;
  world.folios.paint(kScattered);
  PageAllocator allocator(world.folios.memory(), world.pressure);
  const auto pfn = allocator.alloc_pages(world.request(3, gfp::kHighuserMovable));
  REQUIRE(pfn);
  CHECK(world.folios.count(VmEvent::compact_stall) >= 1);
  CHECK(world.folios.count(VmEvent::compact_success) == 1);
  CHECK(allocator.stats().attempts(Order{3}) == 1);
  world.folios.toy.check();
}
