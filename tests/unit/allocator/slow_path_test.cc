// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/slow_path.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

constexpr CpuId kCpu{};

/** Relief by script: counts what it is asked, and answers as it is told. */
class ScriptedRelief : public PressureRelief {
 public:
  void wake_kswapd(Zone&, const PageRequest&) override { ++kswapd_wakes; }
  void wake_kcompactd(NodeId, Order) override {}
  NrPages direct_reclaim(const PageRequest&) override {
    ++reclaims;
    on_reclaim();
    return reclaimed;
  }
  CompactOutcome direct_compact(const PageRequest&, CompactPriority priority) override {
    priorities.push_back(priority);
    return compacted;
  }
  Maybe<Pfn> take_captured() override { return std::exchange(captured, std::nullopt); }
  void compaction_paid_off(Pfn, Order) override { ++paid_off; }
  bool oom_kill(const PageRequest&) override {
    ++kills;
    return on_kill();
  }
  NrPages reclaimable_pages(NodeId) const override { return reclaimable; }
  bool is_relieving() const override { return relieving; }

  NrPages reclaimed{};
  NrPages reclaimable{};
  CompactOutcome compacted = CompactOutcome::skipped;
  Maybe<Pfn> captured{};
  bool relieving = false;
  std::function<void()> on_reclaim = [] {};
  std::function<bool()> on_kill = [] { return false; };
  unsigned kswapd_wakes = 0;
  unsigned reclaims = 0;
  unsigned kills = 0;
  unsigned paid_off = 0;
  std::vector<CompactPriority> priorities;
};

/** A zone of 64 pages that is full, and an allocator with scripted relief. */
struct World {
  World() { toy.paint(std::string(64, 'U'), "UUUUUUUU"); }

  Maybe<Pfn> alloc(unsigned order, Gfp gfp) {
    return slow_path(allocator, PageRequest{Order{order}, gfp, kCpu, NodeId{}});
  }
  void free_page(std::uint64_t page, unsigned order = 0) {
    for (std::uint64_t i = page; i < page + (1U << order); ++i) {
      toy.zone().clear_raw(toy.at(i), Order{0});
      toy.zone().free_one(toy.at(i), Order{0});
    }
    toy.zone().free_stat().fold(kCpu);
  }
  std::uint64_t count(VmEvent event) { return toy.memory().vmstat().get(event); }

  ToyZone toy{ToySpec{1}};
  ScriptedRelief relief;
  PageAllocator allocator{toy.memory(), relief};
};

}  // namespace

TEST_CASE("the slow path is a table of steps with names of their own") {
  std::vector<std::string_view> names;
  for (const SlowStep& step : slow_steps()) {
    names.push_back(step.name);
  }
  CHECK(names.front() == "min_watermark");
  CHECK(names.back() == "never_fail");
  CHECK(std::ranges::find(names, "reserves") - names.begin() == 2);
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
}

TEST_CASE("a request that cannot wait tries twice, wakes kswapd each time and asks for no relief") {
  World world;
  CHECK_FALSE(world.alloc(0, gfp::kAtomic));
  CHECK(world.relief.kswapd_wakes == 2);
  CHECK(world.relief.reclaims == 0);
  CHECK(world.relief.priorities.empty());
  CHECK(world.relief.kills == 0);
}

TEST_CASE("memory below the low watermark is had from the slow path without relief") {
  World world;
  world.free_page(5);
  CHECK(world.alloc(0, gfp::kKernel) == world.toy.at(5));
  CHECK(world.relief.reclaims == 0);
}

TEST_CASE("direct reclaim is followed by another try") {
  World world;
  world.relief.reclaimed = NrPages{1};
  world.relief.on_reclaim = [&] { world.free_page(7); };
  CHECK(world.alloc(0, gfp::kKernel) == world.toy.at(7));
  CHECK(world.relief.reclaims == 1);
}

TEST_CASE("what reclaim left on per-CPU lists is drained before anything harsher") {
  World world;
  for (const std::uint64_t page : {20U, 22U, 24U}) {
    world.free_page(page);  // watermarks do not see all of what a CPU has just freed
  }
  world.relief.reclaimed = NrPages{8};
  world.relief.on_reclaim = [&] {
    for (std::uint64_t i = 8; i < 16; ++i) {
      world.toy.memory().free_pages(world.toy.at(i), Order{0}, kCpu);
    }
  };
  CHECK(world.alloc(3, gfp::kHighuserMovable) == world.toy.at(8));
  CHECK(world.relief.priorities.empty());
}

TEST_CASE("a NORETRY request gives up after one round") {
  World world;
  world.relief.reclaimed = NrPages{1};
  CHECK_FALSE(world.alloc(2, gfp::kNoretry));
  CHECK(world.relief.reclaims == 1);
  CHECK(world.relief.priorities == std::vector{CompactPriority::async, CompactPriority::sync_light});
  CHECK(world.relief.kills == 0);
}

TEST_CASE("a huge page fault fails fast where compaction was skipped or deferred") {
  World world;
  for (const CompactOutcome outcome : {CompactOutcome::skipped, CompactOutcome::deferred}) {
    world.relief.compacted = outcome;
    CHECK_FALSE(world.alloc(4, gfp::kTranshuge.with(Gfp::noretry)));
  }
  CHECK(world.relief.reclaims == 0);
  CHECK(world.relief.priorities == std::vector{CompactPriority::async, CompactPriority::async});
  CHECK(world.count(VmEvent::compact_stall) == 1);
  CHECK(world.count(VmEvent::compact_fail) == 1);
}

TEST_CASE("a huge page fault goes on with async compaction only") {
  World world;
  world.relief.compacted = CompactOutcome::complete;
  CHECK_FALSE(world.alloc(4, gfp::kTranshuge.with(Gfp::noretry)));
  CHECK(world.relief.reclaims == 1);
  CHECK(world.relief.priorities == std::vector{CompactPriority::async, CompactPriority::async});
  CHECK(world.count(VmEvent::compact_stall) == 2);
}

TEST_CASE("a block that compaction kept is taken whatever the watermarks say, and ends deferral") {
  World world;
  world.relief.compacted = CompactOutcome::success;
  world.relief.captured = world.toy.at(16);
  CHECK(world.alloc(4, gfp::kTranshuge) == world.toy.at(16));
  CHECK(world.count(VmEvent::compact_success) == 1);
  CHECK(world.relief.paid_off == 1);
}

TEST_CASE("compaction that made a block nobody may take is a failure") {
  World world;
  world.relief.compacted = CompactOutcome::success;
  CHECK_FALSE(world.alloc(4, gfp::kTranshuge));
  CHECK(world.count(VmEvent::compact_stall) == world.count(VmEvent::compact_fail));
  CHECK(world.count(VmEvent::compact_success) == 0);
}

TEST_CASE("without io there is no compaction") {
  World world;
  CHECK_FALSE(world.alloc(3, gfp::kNoio.with(Gfp::noretry)));
  CHECK(world.relief.priorities.empty());
}

TEST_CASE("compaction gets more thorough from retry to retry, down to full for small orders") {
  World world;
  world.relief.reclaimed = NrPages{1};
  world.relief.compacted = CompactOutcome::complete;
  CHECK_FALSE(world.alloc(2, gfp::kHighuserMovable.with(Gfp::retry_mayfail)));
  CHECK(world.relief.priorities == std::vector{CompactPriority::sync_light, CompactPriority::sync_full});
}

TEST_CASE("costly orders that may fail never compact the whole zone") {
  World world;
  world.relief.reclaimed = NrPages{1};
  world.relief.compacted = CompactOutcome::complete;
  CHECK_FALSE(world.alloc(4, gfp::kRetryMayfail));
  CHECK(std::ranges::count(world.relief.priorities, CompactPriority::sync_full) == 0);
}

TEST_CASE("reclaim without progress is retried sixteen times while it could help") {
  World world;
  world.relief.reclaimable = NrPages{1000};
  CHECK_FALSE(world.alloc(0, gfp::kRetryMayfail));
  CHECK(world.relief.reclaims == 17);
  CHECK(world.relief.kills == 0);
}

TEST_CASE("reclaim is not retried where even all of it would not do") {
  World world;
  CHECK_FALSE(world.alloc(0, gfp::kRetryMayfail));
  CHECK(world.relief.reclaims == 1);
}

TEST_CASE("the OOM killer makes room and the allocation goes on") {
  World world;
  world.relief.on_kill = [&] {
    world.free_page(9);
    return true;
  };
  CHECK(world.alloc(0, gfp::kKernel) == world.toy.at(9));
  CHECK(world.relief.kills == 1);
}

TEST_CASE("nobody is killed for large blocks, for requests that may fail, for DMA memory, or from file systems") {
  World world;
  CHECK_FALSE(world.alloc(4, gfp::kKernel));
  CHECK_FALSE(world.alloc(0, gfp::kRetryMayfail));
  CHECK_FALSE(world.alloc(0, gfp::kKernel.with(Gfp::dma32)));
  CHECK_FALSE(world.alloc(0, gfp::kNofs));
  CHECK(world.relief.kills == 0);
}

TEST_CASE("a request that must not fail waits and may dip into the reserves") {
  World world;
  unsigned rounds = 0;
  world.relief.on_reclaim = [&] {
    if (++rounds == 3) {
      world.free_page(10);
      world.free_page(8, 1);
      Watermarks marks;
      marks.mark = {4, 5, 6};
      world.toy.zone().set_watermarks(marks);
    }
  };
  const Ns before = world.toy.memory().meter().spent();
  CHECK(world.alloc(0, gfp::kNofail) == world.toy.at(10));
  CHECK(world.toy.memory().meter().spent() - before >= Ns{40'000'000});
}

TEST_CASE("a request that must not fail ends after all on a machine that can never serve it") {
  World world;
  CHECK_FALSE(world.alloc(0, gfp::kNofail));
}

TEST_CASE("memory for reclaim itself ignores the watermarks") {
  World world;
  world.free_page(3);
  Watermarks marks;
  marks.mark = {20, 30, 40};
  world.toy.zone().set_watermarks(marks);
  CHECK_FALSE(world.alloc(0, gfp::kNowait));
  CHECK(world.alloc(0, gfp::kNowait.with(Gfp::memalloc)) == world.toy.at(3));
}

TEST_CASE("whoever relieves memory does not wait for relief") {
  World world;
  world.relief.relieving = true;
  CHECK_FALSE(world.alloc(0, gfp::kKernel));
  CHECK(world.relief.reclaims == 0);
  CHECK(world.relief.kills == 0);
}

TEST_CASE("the highatomic reserve is given up before anybody is killed") {
  World world;
  world.toy.paint("........" + std::string(56, 'U'), "HUUUUUUU");
  world.toy.zone().reserve_highatomic(NrPages{8});
  world.toy.zone().free_stat().fold(kCpu);
  CHECK(world.alloc(0, gfp::kKernel));
  CHECK(world.relief.kills == 0);
  CHECK(world.toy.zone().pageblock_at(0).type == Migratetype::unmovable);
}

TEST_CASE("with vm.defrag_mode pageblocks are mixed only after reclaim and compaction failed") {
  World world;
  world.toy.tunables().defrag_mode = true;
  world.toy.paint("MMM.MMMM" + std::string(56, 'U'), "MUUUUUUU");
  world.toy.zone().free_stat().fold(kCpu);
  CHECK(world.alloc(0, gfp::kKernel) == world.toy.at(3));
  CHECK(world.relief.reclaims == 17);
}

TEST_CASE("gigablocks: atomic callers may change labels in tainted ones before they may taint another") {
  ToyZone toy(ToySpec{.gigablocks = 10, .gigablock_order = 4, .pageblock_order = 2,
                      .placement = PlacementKind::gigablock_bitmap});
  toy.paint("UUUU MMM. MMMM MMMM", "U");
  toy.tunables().gigablock_gate_claims = true;
  toy.tunables().gigablock_borrow_movable = false;
  ScriptedRelief relief;
  PageAllocator allocator(toy.memory(), relief);
  const auto alloc = [&] { return slow_path(allocator, PageRequest{Order{0}, gfp::kAtomic, kCpu, NodeId{}}); };
  CHECK(alloc() == toy.at(7));
  CHECK(toy.zone().pageblock_at(1).type == Migratetype::unmovable);
  CHECK(toy.zone().gigablock_of(*alloc()) != GigablockId{0});
  toy.check();
}

TEST_CASE("gigablocks: an atomic caller with a cheap fallback is refused rather than let taint another") {
  ToyZone toy(ToySpec{.gigablocks = 10, .gigablock_order = 4, .pageblock_order = 2,
                      .placement = PlacementKind::gigablock_bitmap});
  toy.paint("UUUU UUUU UUUU UUUU", "UUUU");
  ScriptedRelief relief;
  PageAllocator allocator(toy.memory(), relief);
  const PageRequest request{Order{1}, gfp::kAtomic.with(Gfp::noretry), kCpu, NodeId{}};
  CHECK_FALSE(slow_path(allocator, request));
  CHECK(toy.zone().gigablocks()->nr_in(GigablockCategory::tainted) == 1);
  toy.tunables().gigablock_refuse_optional = false;
  CHECK(slow_path(allocator, request));
  CHECK(toy.zone().gigablocks()->nr_in(GigablockCategory::tainted) == 2);
}

TEST_CASE("gigablocks: who can wait taints only after reclaim, compaction and evacuation failed") {
  ToyZone toy(ToySpec{.gigablocks = 10, .gigablock_order = 4, .pageblock_order = 2,
                      .placement = PlacementKind::gigablock_bitmap});
  toy.paint("UUUU UUUU UUUU UUUU", "UUUU");
  ScriptedRelief relief;
  PageAllocator allocator(toy.memory(), relief);
  const auto pfn = slow_path(allocator, PageRequest{Order{0}, gfp::kKernel, kCpu, NodeId{}});
  REQUIRE(pfn);
  CHECK(toy.zone().gigablock_of(*pfn) != GigablockId{0});
  CHECK(relief.reclaims == 17);
}

TEST_CASE("gigablocks: the highatomic reserve is made where atomic high orders are served, in a tainted one") {
  ToyZone toy(ToySpec{.gigablocks = 40, .gigablock_order = 4, .pageblock_order = 2,
                      .placement = PlacementKind::gigablock_bitmap});
  toy.paint("MMMM MMMM MMMM M... U... .... .... ....", "MMMMU");
  ScriptedRelief relief;
  PageAllocator allocator(toy.memory(), relief);
  REQUIRE(slow_path(allocator, PageRequest{Order{1}, gfp::kAtomic, kCpu, NodeId{}}));
  CHECK(toy.zone().reserved_highatomic() == NrPages{4});
  const GigablockIndex& index = *toy.zone().gigablocks();
  for (std::size_t i = 0; i < toy.zone().nr_pageblocks(); ++i) {
    if (toy.zone().pageblock_at(i).type == Migratetype::highatomic) {
      CHECK(index.category(toy.zone().gigablock_of(toy.zone().pageblock_start(i))) == GigablockCategory::tainted);
    }
  }
  CHECK(index.nr_in(GigablockCategory::tainted) == 1);
}
