// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/node_reclaim.h"

#include <doctest/doctest.h>

#include "reclaim_world.h"
#include "sim/reclaim/compact_suitable.h"
#include "sim/reclaim/shrinker.h"

using namespace gbsim;
using namespace std::chrono_literals;
using gbsim::test::ReclaimWorld;

namespace {

/** A cache of pages that its shrinker frees one for each object. */
class PageShrinker : public Shrinker {
 public:
  PageShrinker(ReclaimWorld& world, std::size_t pages) : world_(world), pages_(world.add_many(pages, kList)) {
    for (const FolioId id : pages_) {
      world.lru().remove(id);
    }
  }
  std::string_view name() const override { return "pages"; }
  std::uint64_t count_objects(NodeId) const override { return pages_.size(); }
  std::uint64_t scan_objects(const ShrinkScope&, std::uint64_t nr_to_scan) override {
    std::uint64_t freed = 0;
    for (; freed < nr_to_scan && !pages_.empty(); ++freed) {
      world_.memory().free_folio(pages_.back(), CpuId{});
      pages_.pop_back();
    }
    return freed;
  }

 private:
  static constexpr LruList kList = LruList::inactive_file;

  ReclaimWorld& world_;
  std::vector<FolioId> pages_;
};

/** Everything under a node's reclaim, over the world's memory. */
struct NodeWorld {
  NodeWorld()
      : swap(world.memory()),
        workingset(world.memory()),
        writeback(world.memory()),
        slab(world.memory()),
        balance(world.memory(), swap, workingset),
        scan(world.memory(), writeback, swap, balance),
        node(world.memory(), scan, balance, slab, writeback) {}

  ReclaimWorld world;
  Swap swap;
  Workingset workingset;
  Writeback writeback;
  ShrinkSlab slab;
  ScanBalance balance;
  LruScan scan;
  NodeReclaim node;
};

ScanControl at_priority(unsigned priority, ReclaimBy by = ReclaimBy::direct) {
  ScanControl control;
  control.priority = priority;
  control.by = by;
  return control;
}

}  // namespace

TEST_CASE("pages that shrinkers free count as reclaimed") {
  NodeWorld n;
  PageShrinker cache(n.world, 100);
  n.slab.add(cache);
  ScanControl control = at_priority(0);
  n.node.shrink(control);
  CHECK(control.reclaimed == NrPages{100});
}

TEST_CASE("reclaim for a costly order goes on until compaction has enough free pages") {
  NodeWorld n;
  n.world.add_many(2000, LruList::inactive_file);
  n.world.leave_free(40);
  n.world.set_watermarks(100, 150, 200);
  ScanControl control = at_priority(4);
  control.order = Order{4};
  n.node.shrink(control);
  CHECK(n.world.zone().free_pages_exact() >= NrPages{100} + compact_gap(Order{4}));
  CHECK(control.reclaimed > NrPages{64});
}

TEST_CASE("reclaim for single pages is one pass") {
  NodeWorld n;
  n.world.add_many(2000, LruList::inactive_file);
  n.world.leave_free(40);
  n.world.set_watermarks(100, 150, 200);
  ScanControl control = at_priority(4);
  n.node.shrink(control);
  CHECK(control.reclaimed == NrPages{32});
}

TEST_CASE("whoever frees something takes away kswapd's failures") {
  NodeWorld n;
  n.node.flags(NodeId{}).failures = 7;
  ScanControl control = at_priority(0);
  n.node.shrink(control);
  CHECK(n.node.flags(NodeId{}).failures == 7);
  n.world.add(LruList::inactive_file);
  n.node.shrink(control);
  CHECK(n.node.flags(NodeId{}).failures == 0);
}

TEST_CASE("a pass that met nothing but writeback marks the node, and kswapd pauses when they come round") {
  NodeWorld n;
  for (int i = 0; i < 4; ++i) {
    const FolioId id = n.world.add(LruList::inactive_file);
    n.writeback.mark_dirty(id);
    n.writeback.start(id);
  }
  ScanControl control = at_priority(0, ReclaimBy::kswapd);
  n.node.shrink(control);
  CHECK(n.node.flags(NodeId{}).writeback);
  CHECK(n.node.writeback_pause(control) == 0ns);
  control.force_deactivate = true;
  n.node.shrink(control);  // brings them back to the inactive list
  n.node.shrink(control);
  CHECK(control.tally.immediate == NrPages{4});
  CHECK(n.node.writeback_pause(control) > 0ns);
  CHECK(n.node.writeback_pause(control) <= 100ms);
}

TEST_CASE("a direct reclaimer pauses on a congested node and sees what the device finished meanwhile") {
  NodeWorld n;
  const FolioId id = n.world.add(LruList::inactive_file);
  n.writeback.mark_dirty(id);
  n.writeback.start(id);
  n.node.flags(NodeId{}).congested = true;
  ScanControl control = at_priority(4);
  const Ns before = n.world.memory().meter().spent();
  n.node.shrink(control);
  CHECK(control.waited == 4ms);
  CHECK(n.world.memory().meter().spent() - before >= 4ms);
  CHECK_FALSE(n.world.folio(id).has(kWriteback));
}

TEST_CASE("nobody pauses for a device that is idle") {
  NodeWorld n;
  n.world.add_many(10, LruList::inactive_file);
  n.node.flags(NodeId{}).congested = true;
  ScanControl control = at_priority(12);
  n.node.shrink(control);
  CHECK(control.waited == 0ns);
}

TEST_CASE("reclaimable pages are file memory, and anon memory if there is swap for it") {
  NodeWorld n;
  n.world.add_many(10, LruList::inactive_file);
  n.world.add_many(5, LruList::active_anon, kSwapBacked | kDirty);
  CHECK(n.node.reclaimable_pages(NodeId{}, false) == NrPages{10});
  CHECK(n.node.reclaimable_pages(NodeId{}, true) == NrPages{15});
}
