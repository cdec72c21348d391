// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/reclaim.h"

#include <doctest/doctest.h>

#include "reclaim_world.h"

using namespace gbsim;
using namespace std::chrono_literals;
using gbsim::test::ReclaimWorld;

namespace {

DirectReclaim request(Order order = Order{0}) {
  DirectReclaim request;
  request.order = order;
  return request;
}

}  // namespace

TEST_CASE("a file folio is activated by its second touch") {
  ReclaimWorld world;
  const FolioId id = world.add(LruList::inactive_file);
  world.reclaim().mark_accessed(id);
  CHECK(world.folio(id).lru == LruList::inactive_file);
  world.reclaim().mark_accessed(id);
  CHECK(world.folio(id).lru == LruList::active_file);
  CHECK_FALSE(world.folio(id).has(kReferenced));
  CHECK(world.count(VmEvent::pgactivate) == 1);
  world.reclaim().mark_accessed(id);
  CHECK(world.folio(id).has(kReferenced));
}

TEST_CASE("touching anon memory only shows in its page table") {
  ReclaimWorld world;
  const FolioId id = world.add(LruList::inactive_anon, kSwapBacked | kDirty);
  world.reclaim().mark_accessed(id);
  world.reclaim().mark_accessed(id);
  CHECK(world.folio(id).has(kYoung));
  CHECK(world.folio(id).lru == LruList::inactive_anon);
}

TEST_CASE("direct reclaim frees a cluster and counts its stall") {
  ReclaimWorld world;
  world.add_many(3000, LruList::inactive_file);
  const Ns before = world.memory().meter().spent();
  CHECK(world.reclaim().direct_reclaim(request()) >= NrPages{32});
  CHECK(world.count(VmEvent::allocstall_normal) == 1);
  CHECK(world.count(VmEvent::pgsteal_direct) >= 32);
  CHECK(world.memory().meter().spent() > before);
  world.check();
}

TEST_CASE("direct reclaim finds nothing in an empty machine and says so") {
  ReclaimWorld world;
  CHECK(world.reclaim().direct_reclaim(request()) == NrPages{0});
}

TEST_CASE("direct reclaim that may not use io leaves anon memory alone") {
  ReclaimWorld world{NrPages{1000}};
  world.add_many(500, LruList::inactive_anon, kSwapBacked | kDirty);
  DirectReclaim no_io = request();
  no_io.may_io = false;
  CHECK(world.reclaim().direct_reclaim(no_io) == NrPages{0});
  CHECK(world.reclaim().swap().used() == NrPages{0});
  world.reclaim().direct_reclaim(request());
  CHECK(world.reclaim().swap().used().value != 0);
}

TEST_CASE("direct reclaim turns to active memory when nothing else is left") {
  ReclaimWorld world;
  world.add(LruList::inactive_file, kPinned);
  world.add(LruList::active_file);
  CHECK(world.reclaim().direct_reclaim(request()) == NrPages{1});
}

TEST_CASE("a request for a lower zone leaves the folios of higher zones alone") {
  ReclaimWorld world;
  world.add_many(500, LruList::inactive_file);
  DirectReclaim low = request();
  low.highest = ZoneType::dma32;
  CHECK(world.reclaim().direct_reclaim(low) == NrPages{0});
  CHECK(world.count(VmEvent::allocstall_dma32) == 1);
}

TEST_CASE("direct reclaim for a costly order leaves off where compaction can do the rest") {
  ReclaimWorld world;
  world.add_many(100, LruList::inactive_file);
  world.set_watermarks(10, 20, 30);
  CHECK(world.reclaim().direct_reclaim(request(Order{4})) == NrPages{1});
  CHECK(world.count(VmEvent::pgscan_direct) == 0);
}

TEST_CASE("direct reclaim waits when half of the reserves are gone") {
  ReclaimWorld world;
  world.add_many(100, LruList::inactive_file);
  world.leave_free(40);
  world.set_watermarks(100, 120, 140);
  world.reclaim().direct_reclaim(request());
  CHECK(world.count(VmEvent::pgscan_direct_throttle) == 1);
}

TEST_CASE("a refaulting folio is activated, and one dropped on purpose is no refault") {
  ReclaimWorld world;
  world.add_many(50, LruList::active_file);
  world.add(LruList::inactive_file);
  world.reclaim().direct_reclaim(request());
  REQUIRE_FALSE(world.owner().shadows.empty());
  const FolioId back = world.add(LruList::inactive_file);
  world.reclaim().refault(back, world.owner().shadows.back());
  CHECK(world.folio(back).lru == LruList::active_file);
  CHECK(world.count(VmEvent::workingset_refault_file) == 1);
  CHECK(world.reclaim().drop_caches(CpuId{}).value != 0);
  CHECK(world.owner().shadows.back() == kNoTrace);
  world.reclaim().refault(world.add(LruList::inactive_file), kNoTrace);
  CHECK(world.count(VmEvent::workingset_refault_file) == 1);
}

TEST_CASE("drop_caches keeps dirty, written and pinned folios and all anon memory") {
  ReclaimWorld world;
  world.add(LruList::active_file);
  world.add(LruList::inactive_file);
  world.add_dirty(LruList::inactive_file);
  world.add(LruList::inactive_file, kWriteback);
  world.memory().set_pinned(world.add(LruList::inactive_file), true);
  world.add(LruList::inactive_anon, kSwapBacked | kDirty);
  CHECK(world.reclaim().drop_caches(CpuId{}) == NrPages{2});
  CHECK(world.count(VmEvent::drop_pagecache) == 1);
  CHECK(world.count(VmEvent::drop_slab) == 1);
}

TEST_CASE("writing to anon memory that was read back gives its slots up") {
  ReclaimWorld world{NrPages{100}};
  REQUIRE(world.reclaim().swap().reserve(NrPages{1}));
  const FolioId id = world.add(LruList::inactive_anon, kSwapBacked);
  world.reclaim().mark_dirty(id);
  CHECK(world.reclaim().swap().used() == NrPages{0});
  world.reclaim().mark_dirty(id);
  CHECK(world.folio(id).has(kDirty));
}

TEST_CASE("a process that exits gives up the slots behind its clean memory and what is dirty") {
  ReclaimWorld world{NrPages{100}};
  REQUIRE(world.reclaim().swap().reserve(NrPages{1}));
  const FolioId anon = world.add(LruList::inactive_anon, kSwapBacked);
  const FolioId file = world.add_dirty(LruList::inactive_file);
  world.reclaim().forget(anon);
  world.reclaim().forget(file);
  CHECK(world.reclaim().swap().used() == NrPages{0});
  CHECK(world.reclaim().writeback().dirty() == NrPages{0});
}

TEST_CASE("writers are charged for their pause") {
  ReclaimWorld world;
  world.add_many(1000, LruList::inactive_file);
  const std::uint64_t limit = world.reclaim().writeback().dirty_limit().value;
  for (std::uint32_t i = 0; i < limit; ++i) {
    world.reclaim().mark_dirty(FolioId{i});
  }
  const Ns before = world.memory().meter().spent();
  world.reclaim().balance_dirty();
  CHECK(world.memory().meter().spent() - before > 0ns);
}

TEST_CASE("reclaimable memory on a node includes anon only while swap has room") {
  ReclaimWorld world{NrPages{1}};
  world.add(LruList::inactive_anon, kSwapBacked | kDirty);
  world.add(LruList::inactive_file);
  CHECK(world.reclaim().reclaimable_pages(NodeId{}) == NrPages{2});
  REQUIRE(world.reclaim().swap().reserve(NrPages{1}));
  CHECK(world.reclaim().reclaimable_pages(NodeId{}) == NrPages{1});
}
