// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/btree.h"

#include <doctest/doctest.h>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

const Folio& first_page(const Rig& rig, const Btree& tree, std::uint32_t leaf) {
  return rig.memory.folios()[tree.buffers().slot(tree.node(leaf), 0).folio()];
}

}  // namespace

TEST_CASE("the type of extent buffers follows the switch, and they can migrate either way") {
  for (const bool movable : {false, true}) {
    CAPTURE(movable);
    Tunables tunables;
    tunables.btrfs_movable_metadata = movable;
    Rig rig(64, tunables);
    Btree tree("tree", rig.host, false);
    tree.resize(1);
    tree.modify(0, CpuId{});
    const Folio& page = first_page(rig, tree, 0);
    CHECK(page.type == (movable ? Migratetype::movable : Migratetype::unmovable));
    CHECK((movable || page.has(kMigratable)));
    CHECK(page.lru == LruList::inactive_file);
    CHECK(page.order == Order{0});
    check_memory(rig.memory);
  }
}

TEST_CASE("large metadata is one order-2 folio a node") {
  Rig rig;
  Btree tree("tree", rig.host, true);
  tree.resize(1);
  tree.modify(0, CpuId{});
  CHECK(first_page(rig, tree, 0).order == Order{2});
  CHECK(tree.buffers().resident().value == 4);
}

TEST_CASE("a change in a new transaction goes to a new node, the old one stays until the commit") {
  Rig rig;
  Btree tree("tree", rig.host, false);
  tree.resize(1);
  tree.modify(0, CpuId{});
  tree.modify(0, CpuId{});
  CHECK(tree.buffers().nodes() == 1);
  tree.commit(CpuId{});
  tree.modify(0, CpuId{});
  CHECK(tree.buffers().nodes() == 2);
  tree.commit(CpuId{});
  CHECK(tree.buffers().nodes() == 1);
}

TEST_CASE("a snapshot keeps the nodes it shares until it is dropped and cleaned") {
  Rig rig;
  Btree tree("tree", rig.host, false);
  tree.resize(4);
  for (std::uint32_t leaf = 0; leaf < 4; ++leaf) {
    tree.modify(leaf, CpuId{});
  }
  tree.snapshot(1);
  for (std::uint32_t leaf = 0; leaf < 4; ++leaf) {
    tree.modify(leaf, CpuId{});
  }
  tree.commit(CpuId{});
  CHECK(tree.buffers().nodes() == 8);
  tree.snapshot(1);
  CHECK(tree.buffers().nodes() == 8);
  tree.commit(CpuId{});
  CHECK(tree.buffers().nodes() == 4);
}

TEST_CASE("clean metadata can be evicted and is read back") {
  Rig rig;
  Btree tree("tree", rig.host, false);
  tree.resize(1);
  tree.modify(0, CpuId{});
  tree.commit(CpuId{});
  rig.clock.now += Ns{1'000'000'000};
  rig.reclaim.writeback().complete(rig.clock.now);
  rig.reclaim.drop_caches(CpuId{});
  CHECK(tree.buffers().resident() == NrPages{});
  tree.read(0, CpuId{});
  CHECK(tree.buffers().resident().value == 4);
  tree.clear(CpuId{});
  CHECK(tree.buffers().nodes() == 0);
  CHECK(rig.allocated() == 0);
}
