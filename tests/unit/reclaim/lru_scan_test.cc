// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/lru_scan.h"

#include <doctest/doctest.h>

#include <numeric>

#include "reclaim_world.h"

using namespace gbsim;
using namespace std::chrono_literals;
using gbsim::test::ReclaimWorld;

namespace {

/** A scan with its own swap and device over the world's memory. */
struct ScanWorld {
  explicit ScanWorld(NrPages swap_pages = NrPages{})
      : world(swap_pages),
        swap(world.memory()),
        workingset(world.memory()),
        writeback(world.memory()),
        balance(world.memory(), swap, workingset),
        scan(world.memory(), writeback, swap, balance) {}

  /** One whole pass. */
  ScanControl run(ScanControl control) {
    LruPass pass = scan.begin(control);
    while (scan.advance(control, pass, flags, NrPages{1'000'000})) {
    }
    return control;
  }

  ReclaimWorld world;
  Swap swap;
  Workingset workingset;
  Writeback writeback;
  ScanBalance balance;
  LruScan scan;
  NodeFlags flags;
};

ScanControl by_kswapd(unsigned priority, std::uint64_t goal) {
  ScanControl control;
  control.by = ReclaimBy::kswapd;
  control.priority = priority;
  control.goal = NrPages{goal};
  return control;
}

constexpr unsigned kAnon = kSwapBacked | kDirty;

}  // namespace

TEST_CASE("the oldest clean folios go first, a batch of 32 at a time") {
  ScanWorld s;
  s.world.add_many(100, LruList::inactive_file);
  const ScanControl control = s.run(by_kswapd(0, 32));
  CHECK(control.reclaimed == NrPages{32});
  std::vector<std::uint32_t> oldest(32);
  std::iota(oldest.begin(), oldest.end(), 0);
  CHECK(s.world.owner().evicted == oldest);
  CHECK(s.world.count(VmEvent::pgscan_kswapd) == 32);
  CHECK(s.world.count(VmEvent::pgsteal_kswapd) == 32);
  CHECK(s.world.count(VmEvent::pgsteal_file) == 32);
  s.world.check();
}

TEST_CASE("counters tell who reclaimed") {
  ScanWorld s;
  s.world.add_many(96, LruList::inactive_file);
  ScanControl control = by_kswapd(1, 32);
  control.by = ReclaimBy::direct;
  s.run(control);
  control.by = ReclaimBy::khugepaged;
  s.run(control);
  CHECK(s.world.count(VmEvent::pgsteal_direct) == 32);
  CHECK(s.world.count(VmEvent::pgsteal_khugepaged) == 32);
}

TEST_CASE("a pass can be spread over steps and resumes where it stopped") {
  ScanWorld s;
  s.world.add_many(200, LruList::inactive_file);
  ScanControl control = by_kswapd(0, 1000);
  LruPass pass = s.scan.begin(control);
  CHECK(s.scan.advance(control, pass, s.flags, NrPages{64}));
  CHECK(control.scanned == NrPages{64});
  CHECK_FALSE(s.scan.advance(control, pass, s.flags, NrPages{1000}));
  CHECK(control.reclaimed == NrPages{200});
}

TEST_CASE("a pass stops at its goal, but the first of a direct reclaim scans all it planned") {
  ScanWorld s;
  s.world.add_many(3000, LruList::inactive_file);
  ScanControl control;
  CHECK(s.scan.begin(control).proportional);
  control.priority = 4;
  LruPass pass = s.scan.begin(control);
  CHECK_FALSE(pass.proportional);
  CHECK(s.run(control).reclaimed == NrPages{32});
  pass = s.scan.begin(control);
  pass.proportional = true;
  s.scan.advance(control, pass, s.flags, NrPages{1000});
  CHECK(control.reclaimed == NrPages{(3000 - 32) >> 4});
}

TEST_CASE("dirty file folios are activated, marked for reclaim, and the flusher is asked") {
  ScanWorld s;
  const FolioId id = s.world.add(LruList::inactive_file);
  s.writeback.mark_dirty(id);
  const ScanControl control = s.run(by_kswapd(0, 32));
  CHECK(control.reclaimed == NrPages{0});
  CHECK(control.tally.unqueued_dirty == NrPages{1});
  CHECK(s.world.folio(id).lru == LruList::active_file);
  CHECK(s.world.folio(id).has(kReclaim));
  CHECK(s.writeback.wants_flush());
  CHECK(s.world.count(VmEvent::nr_vmscan_immediate_reclaim) == 1);
}

TEST_CASE("a written folio that reclaim waited for is the next to go") {
  ScanWorld s;
  const FolioId id = s.world.add(LruList::inactive_file);
  s.writeback.mark_dirty(id);
  s.world.add_many(200, LruList::inactive_file);
  s.run(by_kswapd(0, 32));
  REQUIRE(s.world.folio(id).lru == LruList::active_file);
  s.world.owner().evicted.clear();
  s.writeback.start(id);
  s.writeback.complete(1s);
  s.run(by_kswapd(0, 32));
  CHECK(s.world.owner().evicted.front() == 0);
}

TEST_CASE("folios met again under writeback make kswapd wait on a node full of writeback") {
  ScanWorld s;
  const FolioId id = s.world.add(LruList::inactive_file, kWriteback | kReclaim);
  s.flags.writeback = true;
  const ScanControl control = s.run(by_kswapd(0, 32));
  CHECK(control.tally.immediate == NrPages{1});
  CHECK(control.tally.congested == NrPages{1});
  CHECK(control.tally.writeback == control.tally.taken);
  CHECK(s.world.folio(id).lru == LruList::active_file);
}

TEST_CASE("anon memory is written to swap and reclaimed once it is there") {
  ScanWorld s{NrPages{100}};
  const FolioId id = s.world.add(LruList::inactive_anon, kAnon);
  ScanControl control = s.run(by_kswapd(0, 32));
  CHECK(control.reclaimed == NrPages{0});
  CHECK(s.world.folio(id).has(kWriteback));
  CHECK(s.world.folio(id).lru == LruList::inactive_anon);
  CHECK(s.swap.used() == NrPages{1});
  CHECK(s.world.count(VmEvent::pswpout) == 1);
  s.writeback.complete(1s);
  control = s.run(by_kswapd(0, 32));
  CHECK(control.reclaimed == NrPages{1});
  CHECK(s.world.count(VmEvent::pgsteal_anon) == 1);
  CHECK(s.swap.used() == NrPages{1});
}

TEST_CASE("anon memory touched once gets another round, touched again it is activated") {
  ScanWorld s{NrPages{100}};
  const FolioId id = s.world.add(LruList::inactive_anon, kAnon | kYoung);
  s.world.add_many(4, LruList::inactive_anon, kAnon | kYoung);
  s.run(by_kswapd(0, 32));
  CHECK(s.world.folio(id).lru == LruList::inactive_anon);
  CHECK(s.world.folio(id).has(kReferenced));
  s.world.folio(id).set(kYoung);
  s.run(by_kswapd(0, 32));
  CHECK(s.world.folio(id).lru == LruList::active_anon);
  CHECK(s.swap.used() == NrPages{4});
}

TEST_CASE("a huge folio goes to swap whole while swap has a free cluster") {
  ScanWorld s{NrPages{16}};
  s.world.add(LruList::inactive_anon, kAnon, Order{3});
  s.run(by_kswapd(0, 32));
  CHECK(s.swap.used() == NrPages{8});
  CHECK(s.world.count(VmEvent::thp_swpout) == 1);
  CHECK(s.world.owner().split.empty());
}

TEST_CASE("a huge folio is split when swap is too fragmented, and its pages go one by one") {
  ScanWorld s{NrPages{15}};
  REQUIRE(s.swap.reserve(NrPages{1}));
  s.world.add(LruList::inactive_anon, kAnon, Order{3});
  s.run(by_kswapd(0, 32));
  CHECK(s.world.owner().split.size() == 8);
  CHECK(s.swap.used() == NrPages{9});
  CHECK(s.world.count(VmEvent::thp_swpout_fallback) == 1);
  s.world.check();
}

TEST_CASE("large file folios are reclaimed whole") {
  ScanWorld s;
  s.world.add(LruList::inactive_file, 0, Order{3});
  CHECK(s.run(by_kswapd(0, 32)).reclaimed == NrPages{8});
  CHECK(s.world.owner().evicted.size() == 1);
}

TEST_CASE("pinned folios stay") {
  ScanWorld s;
  const FolioId id = s.world.add(LruList::inactive_file);
  s.world.memory().set_pinned(id, true);
  CHECK(s.run(by_kswapd(0, 32)).reclaimed == NrPages{0});
  CHECK(s.world.owner().evicted.empty());
}

TEST_CASE("active folios are deactivated without being freed, and remember it") {
  ScanWorld s;
  const auto folios = s.world.add_many(64, LruList::active_file, kReferenced);
  s.run(by_kswapd(1, 32));
  CHECK(s.world.lru().size(LruList::inactive_file) == NrPages{32});
  CHECK(s.world.folio(folios.front()).has(kWorkingset));
  CHECK(s.world.folio(folios.front()).has(kReferenced));
  CHECK(s.world.count(VmEvent::pgdeactivate) == 32);
  CHECK(s.world.count(VmEvent::pgrefill) == 32);
}

TEST_CASE("active lists are left alone while the inactive list is long, and the control says so") {
  ScanWorld s;
  s.world.add_many(100, LruList::inactive_file);
  s.world.add_many(50, LruList::active_file);
  const ScanControl control = s.run(by_kswapd(0, 1));
  CHECK(control.skipped_deactivate);
  CHECK(s.world.lru().size(LruList::active_file) == NrPages{50});
}

TEST_CASE("anon memory that is active again gives its slots back while swap is half full") {
  ScanWorld s{NrPages{10}};
  REQUIRE(s.swap.reserve(NrPages{6}));
  const FolioId id = s.world.add(LruList::inactive_anon, kSwapBacked | kYoung | kReferenced);
  s.run(by_kswapd(0, 32));
  CHECK(s.swap.used() == NrPages{5});
  CHECK(s.world.folio(id).has(kDirty));
}
