// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/workingset.h"

#include <doctest/doctest.h>

#include "reclaim_world.h"

using namespace gbsim;
using gbsim::test::ReclaimWorld;

TEST_CASE("a folio that returns within the size of the active list is activated") {
  ReclaimWorld world;
  Workingset workingset(world.memory());
  world.add_many(10, LruList::active_file);
  const FolioId id = world.add(LruList::inactive_file);
  const Shadow shadow = workingset.evict(world.folio(id));
  workingset.age(NodeId{}, NrPages{9});
  CHECK(workingset.refault(shadow, world.folio(id)).activate);
  CHECK(world.count(VmEvent::workingset_refault_file) == 1);
  CHECK(world.count(VmEvent::workingset_activate_file) == 1);
  CHECK(workingset.activated(NodeId{}, true) == 1);
}

TEST_CASE("a folio that was away for longer than the active list is large stays inactive") {
  ReclaimWorld world;
  Workingset workingset(world.memory());
  world.add_many(10, LruList::active_file);
  const FolioId id = world.add(LruList::inactive_file);
  const Shadow shadow = workingset.evict(world.folio(id));
  workingset.age(NodeId{}, NrPages{10});
  CHECK_FALSE(workingset.refault(shadow, world.folio(id)).activate);
  CHECK(world.count(VmEvent::workingset_refault_file) == 1);
  CHECK(world.count(VmEvent::workingset_activate_file) == 0);
}

TEST_CASE("a shadow remembers that the folio had been active") {
  ReclaimWorld world;
  Workingset workingset(world.memory());
  world.add_many(10, LruList::active_file);
  const FolioId id = world.add(LruList::inactive_file, kWorkingset);
  CHECK(workingset.refault(workingset.evict(world.folio(id)), world.folio(id)).was_workingset);
  CHECK(world.count(VmEvent::workingset_restore_file) == 1);
}

TEST_CASE("anon memory competes with all file memory, and with other anon memory when there is swap") {
  for (const std::uint64_t swap : {0U, 100U}) {
    CAPTURE(swap);
    ReclaimWorld world{NrPages{swap}};
    Workingset workingset(world.memory());
    world.add_many(5, LruList::inactive_file);
    world.add_many(5, LruList::active_anon, kSwapBacked);
    const FolioId id = world.add(LruList::inactive_anon, kSwapBacked);
    const Shadow shadow = workingset.evict(world.folio(id));
    workingset.age(NodeId{}, NrPages{8});
    CHECK(workingset.refault(shadow, world.folio(id)).activate == (swap != 0));
    CHECK(world.count(VmEvent::workingset_refault_anon) == 1);
  }
}

TEST_CASE("every shadow has its lowest bit set and differs from no trace") {
  ReclaimWorld world;
  Workingset workingset(world.memory());
  const FolioId id = world.add(LruList::inactive_file);
  const Shadow shadow = workingset.evict(world.folio(id));
  CHECK((shadow & 1U) == 1U);
  CHECK(shadow != kNoTrace);
}
