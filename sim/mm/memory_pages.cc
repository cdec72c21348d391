// SPDX-License-Identifier: GPL-2.0-or-later
// Pages and folios coming, going, moving and splitting.
#include "sim/mm/memory.h"
#include "sim/mm/pcp_buddy_cpu.h"
#include "sim/mm/pcp_rules.h"

namespace gbsim {

namespace {

bool counts_as_migratable(const Folio& folio) {
  return folio.type == Migratetype::movable || folio.has(kMigratable);
}

}  // namespace

FolioId Memory::attach_folio(Pfn pfn, Order order, Migratetype type, OwnerId owner, std::uint32_t cookie) {
  Zone& home = zone_of(pfn);
  const Slot slot = home.slot(pfn);
  GBSIM_DCHECK(slot.kind() == Slot::Kind::raw && slot.order() == order);
  const bool migratable = type == Migratetype::movable;
  if (slot.type() != type || slot.migratable() != migratable) {
    home.count_allocated(pfn, order, slot.type(), slot.migratable(), -1);
    home.count_allocated(pfn, order, type, migratable, 1);
  }
  const FolioId id = folios_.create();
  Folio& folio = folios_[id];
  folio.pfn = pfn;
  folio.cookie = cookie;
  folio.owner = owner;
  folio.order = order;
  folio.type = type;
  folio.zone = static_cast<std::uint8_t>(home.index());
  home.set_folio(pfn, id);
  return id;
}

void Memory::detach_folio(FolioId id) {
  const Folio& folio = folios_[id];
  GBSIM_DCHECK(folio.lru == LruList::none);
  Zone& home = zone_of(folio);
  if (folio.has(kPinned)) {
    home.count_pinned(folio.pfn, folio.order, -1);
  }
  home.relabel_raw(folio.pfn, folio.order, folio.type, counts_as_migratable(folio));
  folios_.destroy(id);
}

void Memory::free_folio(FolioId id, CpuId cpu) {
  const Folio folio = folios_[id];
  prefetch_free(folio);
  if (folio.lru != LruList::none) {
    lru(node_of(folio)).remove(id);
  }
  detach_folio(id);
  free_pages(folio.pfn, folio.order, cpu);
}

void Memory::free_pages(Pfn pfn, Order order, CpuId cpu) {
  Zone& home = zone_of(pfn);
  home.run_on(cpu);
  home.clear_raw(pfn, order);
  vmstat_.add(VmEvent::pgfree, order.pages().value);
  ++frees_;
  if (home.trace() != nullptr) {
    home.trace()->page_freed(pfn, order);
  }
  const Migratetype type = home.pageblock(pfn).type;
  if (!home.caches_per_cpu(order) || type == Migratetype::isolate) {
    home.free_one(pfn, order);
    charge_zone_lock();
    meter_->charge(WorkKind::buddy_free);
    return;
  }
  if (home.pcp_buddy() != nullptr) {
    return PcpBuddyCpu(*this, home, cpu).free(pfn, order, type);
  }
  charge_drain(pcp_free(home, cpu, pfn, order, type));
  meter_->charge(WorkKind::pcp_free);
}

void Memory::charge_drain(unsigned blocks) {
  if (blocks != 0) {
    charge_zone_lock();
    meter_->charge(WorkKind::buddy_free, blocks);
  }
}

void Memory::move_folio(FolioId id, Pfn to) {
  Folio& folio = folios_[id];
  Zone& from_zone = zone_of(folio);
  Zone& to_zone = zone_of(to);
  const Pfn from = folio.pfn;
  const bool pinned = folio.has(kPinned);
  const auto zone_after = static_cast<std::uint8_t>(to_zone.index());
  if (to_zone.node() != from_zone.node() && folio.lru != LruList::none) {
    const LruList list = folio.lru;
    lru(from_zone.node()).remove(id);
    folio.zone = zone_after;
    lru(to_zone.node()).add_head(id, list);
  } else if (folio.lru != LruList::none) {
    lru(to_zone.node()).change_zone(id, zone_after);
  }
  to_zone.clear_raw(to, folio.order);
  to_zone.count_allocated(to, folio.order, folio.type, counts_as_migratable(folio), 1);
  to_zone.set_folio(to, id);
  to_zone.count_pinned(to, folio.order, pinned ? 1 : 0);
  from_zone.count_pinned(from, folio.order, pinned ? -1 : 0);
  from_zone.relabel_raw(from, folio.order, folio.type, counts_as_migratable(folio));
  folio.pfn = to;
  folio.zone = zone_after;
}

std::vector<FolioId> Memory::split_folio(FolioId id) {
  const Folio whole = folios_[id];
  LruVec& lists = lru(node_of(whole));
  if (whole.lru != LruList::none) {
    lists.remove(id);
  }
  std::vector<FolioId> parts;
  parts.reserve(whole.order.pages().value);
  for (std::uint64_t i = 0; i < whole.order.pages().value; ++i) {
    const FolioId part = folios_.create();
    Folio& record = folios_[part];
    record = whole;
    record.pfn = whole.pfn + NrPages{i};
    record.order = Order{0};
    record.lru = LruList::none;
    zones_[whole.zone]->set_folio(record.pfn, part);
    if (whole.lru != LruList::none) {
      lists.insert_before(part, whole.lru, whole.next);
    }
    parts.push_back(part);
  }
  folios_.destroy(id);
  folios_.owner(whole.owner).on_split(id, whole, parts);
  return parts;
}

void Memory::set_pinned(FolioId id, bool pinned) {
  Folio& folio = folios_[id];
  if (folio.has(kPinned) == pinned) {
    return;
  }
  zone_of(folio).count_pinned(folio.pfn, folio.order, pinned ? 1 : -1);
  pinned ? folio.set(kPinned) : folio.clear(kPinned);
}

void Memory::set_migratable(FolioId id, bool migratable) {
  Folio& folio = folios_[id];
  const bool before = counts_as_migratable(folio);
  migratable ? folio.set(kMigratable) : folio.clear(kMigratable);
  const int change = static_cast<int>(counts_as_migratable(folio)) - static_cast<int>(before);
  zone_of(folio).count_migratable(folio.pfn, folio.order, change);
}

void Memory::drain_pcp(CpuId cpu) {
  for (const auto& zone : zones_) {
    zone->run_on(cpu);
    if (zone->pcp_buddy() != nullptr) {
      PcpBuddyCpu(*this, *zone, cpu).drain_all();
      continue;
    }
    charge_drain(drain_all(*zone, cpu));
  }
}

void Memory::drain_all_pcp() {
  if (tunables_.pcp == PcpKind::none) {
    return;
  }
  for (unsigned cpu = 0; cpu < nr_cpus_; ++cpu) {
    drain_pcp(CpuId{cpu});
  }
  meter_->charge(WorkKind::drain_pcp, nr_cpus_);
}

void Memory::tick(CpuId cpu) {
  for (const auto& zone : zones_) {
    zone->run_on(cpu);
    zone->free_stat().fold(cpu);
    if (zone->pcp_buddy() != nullptr) {
      PcpBuddyCpu(*this, *zone, cpu).tick();
      continue;
    }
    charge_drain(decay_high(*zone, cpu));
  }
}

}  // namespace gbsim
