// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/memory.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToyZone;

namespace {

constexpr CpuId kCpu{0};

class Owner : public FolioOwner {
 public:
  std::string_view name() const override { return "owner"; }
  void on_evicted(FolioId, const Folio&) override {}
  void on_split(FolioId, const Folio&, const std::vector<FolioId>& parts) override { split = parts; }

  std::vector<FolioId> split;
};

/** A toy zone with an owner; makes folios out of drawn pages. */
struct World {
  ToyZone toy{};
  Owner owner{};
  OwnerId owner_id = toy.memory().folios().register_owner(owner);

  Memory& memory() { return toy.memory(); }

  FolioId folio(std::uint64_t page, Order order) {
    const Pfn pfn = toy.at(page);
    const PageView view = toy.zone().view(pfn);
    toy.zone().take_block(pfn, view.order, order, view.list);
    toy.zone().set_raw(pfn, order, Migratetype::movable, true);
    return memory().attach_folio(pfn, order, Migratetype::movable, owner_id, 7);
  }
};

}  // namespace

TEST_CASE("a folio knows its owner and goes back to free memory") {
  World world;
  const FolioId id = world.folio(0, Order{3});
  CHECK(world.memory().folios()[id].cookie == 7);
  CHECK(world.toy.zone().pageblock(world.toy.first()).movable == 8);
  world.toy.check();
  world.memory().free_folio(id, kCpu);
  world.memory().drain_all_pcp();
  CHECK(world.toy.zone().is_free_block(world.toy.first(), Order{4}));
  world.toy.check();
}

TEST_CASE("a moved folio keeps its id and leaves raw pages behind") {
  World world;
  const FolioId id = world.folio(0, Order{2});
  world.memory().set_pinned(id, true);
  REQUIRE(world.toy.zone().isolate_free_block(world.toy.at(16), Order{4}));
  world.toy.zone().split_raw(world.toy.at(16), Order{4}, Order{2});
  world.memory().move_folio(id, world.toy.at(20));
  CHECK(world.memory().folios()[id].pfn == world.toy.at(20));
  CHECK(world.toy.zone().view(world.toy.first()).kind == PageKind::raw_head);
  CHECK(world.toy.zone().pageblock(world.toy.at(20)).pinned == 4);
  CHECK(world.toy.zone().pageblock(world.toy.first()).pinned == 0);
  world.toy.check();
}

TEST_CASE("a split folio becomes base folios in its place on the LRU") {
  World world;
  const FolioId old = world.folio(16, Order{0});
  const FolioId big = world.folio(0, Order{2});
  const FolioId fresh = world.folio(32, Order{0});
  LruVec& lru = world.memory().lru(NodeId{});
  for (const FolioId id : {old, big, fresh}) {
    lru.add_head(id, LruList::inactive_anon);
  }
  const std::vector<FolioId> parts = world.memory().split_folio(big);
  CHECK(parts.size() == 4);
  CHECK(world.owner.split == parts);
  CHECK(lru.nr_folios(LruList::inactive_anon) == 6);
  CHECK(lru.head(LruList::inactive_anon) == fresh.value);
  CHECK(lru.tail(LruList::inactive_anon) == old.value);
  CHECK(world.memory().folios()[parts[3]].pfn == world.toy.at(3));
  world.toy.check();
}

TEST_CASE("kernel pages on the LRU count as migratable once they are said to be") {
  World world;
  world.toy.paint("U");
  const Pfn first = world.toy.first();
  const FolioId id = world.memory().attach_folio(first, Order{0}, Migratetype::unmovable, world.owner_id, 0);
  CHECK(world.toy.zone().pageblock(world.toy.first()).migratable == 0);
  world.memory().set_migratable(id, true);
  CHECK(world.toy.zone().pageblock(world.toy.first()).migratable == 1);
  world.toy.check();
}

TEST_CASE("a server's memory has the kernel's watermarks") {
  Tunables tunables;
  const Clock clock;
  CostTable costs;
  MachineSpec machine;
  machine.memory_bytes = std::uint64_t{16} << 30;
  machine.cpus = 4;
  Memory memory(machine, tunables, clock, costs);
  CHECK(memory.min_free_kbytes() == 67584);
  std::uint64_t min = 0;
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    min += memory.zone(i).min_wmark().value;
  }
  CHECK(min <= 67584 / 4);
  CHECK(min >= 67584 / 4 - 3);
  CHECK(memory.zonelist(NodeId{}, ZoneType::normal).size() == 3);
  CHECK(memory.zonelist(NodeId{}, ZoneType::normal)[0]->type() == ZoneType::normal);
  CHECK(memory.zonelist(NodeId{}, ZoneType::dma32)[0]->type() == ZoneType::dma32);
  check_memory(memory);
  memory.refresh_vmstat();
  CHECK(memory.vmstat().get(VmEvent::nr_free_pages) == memory.managed().value);
}

TEST_CASE("remote nodes come last in a node's zonelist") {
  Tunables tunables;
  const Clock clock;
  CostTable costs;
  MachineSpec machine;
  machine.memory_bytes = std::uint64_t{16} << 30;
  machine.nodes = 2;
  machine.cpus = 4;
  Memory memory(machine, tunables, clock, costs);
  CHECK(memory.node_of(CpuId{1}) == NodeId{0});
  CHECK(memory.node_of(CpuId{2}) == NodeId{1});
  const auto zones = memory.zonelist(NodeId{1}, ZoneType::normal);
  CHECK(zones.size() == 4);
  CHECK(zones[0]->node() == NodeId{1});
  CHECK(zones[1]->node() == NodeId{0});
}
