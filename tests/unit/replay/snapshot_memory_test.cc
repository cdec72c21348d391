// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/snapshot_memory.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/snapshot_draw.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("every free list of a loaded memory has the snapshot's order") {
  KernelSnapshot snapshot = toy_snapshot("UMMM");
  add_free(snapshot, 0, Migratetype::movable, {14, 9, 11});
  add_free(snapshot, 4, Migratetype::movable, {16});
  add_free(snapshot, 1, Migratetype::reclaimable, {2});
  ToyReplayWorld world(snapshot);
  CHECK(listed(world.zone(), 0, Migratetype::movable) == "14 9 11");
  CHECK(listed(world.zone(), 4, Migratetype::movable) == "16");
  CHECK(listed(world.zone(), 1, Migratetype::reclaimable) == "2");
  CHECK(world.zone().free_pages_exact() == NrPages{21});
  CHECK(world.zone().pageblock(toy_page(3)).type == Migratetype::unmovable);
  check_memory(*world.memory);
}

TEST_CASE("per-CPU lists are loaded in order, or their pages count as allocated") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  snapshot.zones[0].pcps[1].lists[pcp_list(Order{0}, Migratetype::movable)] = {toy_page(5), toy_page(3)};
  snapshot.zones[0].pcps[1].high = 40;
  snapshot.zones[0].pcps[1].batch = 5;
  ToyReplayWorld with(snapshot, KernelVersion::v6_1, PcpLoad::lists);
  const PcpLists& pcp = with.zone().pcp(CpuId{1});
  CHECK(pcp.count == 2);
  CHECK(pcp.high == 40);
  CHECK(with.zone().pfn(pcp.lists[pcp_list(Order{0}, Migratetype::movable)].head()) == toy_page(5));
  check_memory(*with.memory);
  ToyReplayWorld without(snapshot);
  CHECK(without.zone().pcp_pages() == NrPages{0});
  check_memory(*without.memory);
}

TEST_CASE("costly blocks may stay per CPU where caches hold more than three of the recorded batches") {
  KernelSnapshot snapshot = toy_snapshot("UU");
  snapshot.zones[0].pcps[1].batch = 5;
  for (const std::uint64_t cache : {60U << 10U, 64U << 10U}) {
    Tunables tunables;
    tunables.cpu_data_cache = cache;
    const Clock clock;
    CostTable costs;
    const auto memory = make_memory(snapshot, tunables, clock, costs, PcpLoad::lists);
    CHECK(memory->zone(0).pcp(CpuId{1}).free_high_batch == (cache == 64U << 10U));
  }
}

TEST_CASE("pages that the snapshot saw on LRU lists can migrate") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  snapshot.classes.assign(1024 + 16, static_cast<std::uint8_t>(PageClass::slab));
  snapshot.classes[1024 + 3] = static_cast<std::uint8_t>(PageClass::anon);
  snapshot.classes[1024 + 4] = static_cast<std::uint8_t>(PageClass::no_page);
  ToyReplayWorld world(snapshot);
  CHECK(world.zone().pageblock(toy_page(0)).migratable == 1);
  CHECK(world.zone().pageblock(toy_page(0)).reserved == 1);
  check_memory(*world.memory);
}

TEST_CASE("a snapshot with a page that is free twice is refused") {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 1, Migratetype::movable, {2});
  add_free(snapshot, 0, Migratetype::movable, {3});
  snapshot.file = "snaps/000_start/pgsnap";
  CHECK_THROWS_WITH_AS(ToyReplayWorld{snapshot},
                       doctest::Contains("000_start/pgsnap: error: at byte 0: page 1026 of snapshot 'start'"),
                       BadRecording);
}

TEST_CASE("a snapshot whose places were drawn makes a sound memory") {
  ProcZone zone;
  zone.image = toy_snapshot("MMMMMMMM").zones[0];
  zone.image.pageblocks.clear();
  zone.pageblocks[index(Migratetype::unmovable)] = 2;
  zone.pageblocks[index(Migratetype::movable)] = 6;
  zone.free_blocks[0][index(Migratetype::unmovable)] = 3;
  zone.free_blocks[2][index(Migratetype::movable)] = 2;
  ToyReplayWorld world(draw_snapshot({zone}, FirstUses{}, 7, "proc"));
  CHECK(world.zone().free_pages_exact() == NrPages{11});
  check_memory(*world.memory);
}
