// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/scan_balance.h"

#include <doctest/doctest.h>

#include "reclaim_world.h"
#include "sim/reclaim/scan_control.h"

using namespace gbsim;
using gbsim::test::ReclaimWorld;

namespace {

/** Scan balance with its own swap and workingset. */
struct BalanceWorld {
  explicit BalanceWorld(NrPages swap_pages = NrPages{})
      : world(swap_pages),
        swap(world.memory()),
        workingset(world.memory()),
        balance(world.memory(), swap, workingset) {}

  std::uint64_t target(const ScanControl& control, LruList list) {
    return balance.plan(control).targets[static_cast<std::size_t>(list)];
  }

  ReclaimWorld world;
  Swap swap;
  Workingset workingset;
  ScanBalance balance;
};

ScanControl at_priority(unsigned priority) {
  ScanControl control;
  control.priority = priority;
  return control;
}

}  // namespace

TEST_CASE("a request starts at the lowest pressure and wants one cluster") {
  CHECK(ScanControl{}.priority == 12);
  CHECK(ScanControl{}.goal == NrPages{32});
}

TEST_CASE("each list gives its size shifted by the priority") {
  BalanceWorld b;
  b.world.add_many(512, LruList::inactive_file);
  b.world.add_many(256, LruList::active_file);
  CHECK(b.target(at_priority(4), LruList::inactive_file) == 32);
  CHECK(b.target(at_priority(4), LruList::active_file) == 16);
  CHECK(b.target(at_priority(12), LruList::inactive_file) == 0);
}

TEST_CASE("without swap, or without leave to use it, anon memory is not scanned") {
  BalanceWorld without;
  without.world.add_many(512, LruList::inactive_anon, kSwapBacked | kDirty);
  CHECK(without.target(at_priority(4), LruList::inactive_anon) == 0);
  BalanceWorld with{NrPages{100}};
  with.world.add_many(512, LruList::inactive_anon, kSwapBacked | kDirty);
  ScanControl control = at_priority(0);
  CHECK(with.target(control, LruList::inactive_anon) == 512);
  control.may_swap = false;
  CHECK(with.target(control, LruList::inactive_anon) == 0);
}

TEST_CASE("swappiness splits the scan between anon and file memory") {
  BalanceWorld b{NrPages{100}};
  b.world.add_many(512, LruList::inactive_anon, kSwapBacked | kDirty);
  b.world.add_many(256, LruList::inactive_file);
  b.world.add_many(300, LruList::active_file);  // the inactive list is low: no trimming of file memory alone
  CHECK(b.target(at_priority(2), LruList::inactive_anon) == 128 * 60 / 200);
  CHECK(b.target(at_priority(2), LruList::inactive_file) == 64 * 140 / 200);
  b.world.tunables().swappiness = 200;
  CHECK(b.target(at_priority(2), LruList::inactive_file) == 0);
}

TEST_CASE("at the last priority everything is scanned alike") {
  BalanceWorld b{NrPages{100}};
  b.world.add_many(100, LruList::inactive_anon, kSwapBacked | kDirty);
  b.world.add_many(200, LruList::inactive_file);
  CHECK(b.target(at_priority(0), LruList::inactive_anon) == 100);
  CHECK(b.target(at_priority(0), LruList::inactive_file) == 200);
}

TEST_CASE("plenty of inactive file memory spares anon memory, unless that was in vain") {
  BalanceWorld b{NrPages{100}};
  b.world.add_many(512, LruList::inactive_anon, kSwapBacked | kDirty);
  b.world.add_many(512, LruList::inactive_file);
  ScanControl control = at_priority(2);
  CHECK(b.balance.plan(control).cache_trim);
  CHECK(b.target(control, LruList::inactive_anon) == 0);
  control.no_cache_trim = true;
  CHECK(b.target(control, LruList::inactive_anon) > 0);
}

TEST_CASE("when free and file memory together are below the high watermark, anon memory must go") {
  BalanceWorld b{NrPages{100}};
  b.world.add_many(512, LruList::inactive_anon, kSwapBacked | kDirty);
  b.world.add_many(100, LruList::inactive_file);
  b.world.leave_free(50);
  b.world.set_watermarks(50, 100, 200);
  CHECK(b.target(at_priority(2), LruList::inactive_anon) == 128);
  CHECK(b.target(at_priority(2), LruList::inactive_file) == 0);
}

TEST_CASE("refaults of file memory make the scan lean to anon memory") {
  BalanceWorld b{NrPages{100}};
  b.world.add_many(512, LruList::inactive_anon, kSwapBacked | kDirty);
  b.world.add_many(256, LruList::inactive_file);
  b.world.add_many(300, LruList::active_file);
  const std::uint64_t before = b.target(at_priority(2), LruList::inactive_anon);
  b.balance.note_cost(NodeId{}, LruKind::file, NrPages{4}, NrPages{0});
  CHECK(b.target(at_priority(2), LruList::inactive_anon) > before);
}

TEST_CASE("small lists are in balance at one to one, large ones keep fewer inactive") {
  BalanceWorld b;
  b.world.add_many(10, LruList::inactive_file);
  b.world.add_many(10, LruList::active_file);
  CHECK_FALSE(b.balance.inactive_is_low(NodeId{}, LruKind::file));
  b.world.add(LruList::active_file);
  CHECK(b.balance.inactive_is_low(NodeId{}, LruKind::file));
}

TEST_CASE("active folios move on when the inactive list is low, after new refaults, or by force") {
  BalanceWorld b;
  b.world.add_many(20, LruList::inactive_file);
  const FolioId id = b.world.add(LruList::active_file);
  ScanControl control = at_priority(12);
  const auto deactivates = [&] { return b.balance.plan(control).deactivate[static_cast<std::size_t>(LruKind::file)]; };
  CHECK_FALSE(deactivates());
  b.workingset.refault(b.workingset.evict(b.world.folio(id)), b.world.folio(id));
  CHECK(deactivates());
  b.balance.snapshot_refaults(NodeId{});
  CHECK_FALSE(deactivates());
  control.force_deactivate = true;
  CHECK(deactivates());
}

TEST_CASE("folios above the highest eligible zone do not count") {
  BalanceWorld b;
  b.world.add_many(512, LruList::inactive_file);
  ScanControl control = at_priority(0);
  control.highest = ZoneType::dma32;
  CHECK(b.target(control, LruList::inactive_file) == 0);
}
