// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sim/allocator/pressure.h"
#include "sim/base/clock.h"
#include "sim/base/tunables.h"
#include "sim/base/work.h"
#include "sim/mm/invariants.h"
#include "sim/mm/memory.h"

namespace gbsim::test {

/** Shape of a toy machine: one zone of a few hundred pages with orders to match. */
struct ToySpec {
  unsigned gigablocks = 4;
  unsigned gigablock_order = 6;
  unsigned pageblock_order = 3;
  unsigned cpus = 1;
  KernelVersion kernel = KernelVersion::v6_12;
  ZoneType zone = ZoneType::normal;
  PlacementKind placement = PlacementKind::linux;
  PcpKind pcp = PcpKind::linux;
  bool last_is_cma = false;  // the last gigablock; paint() would make it movable
};

/**
 * A whole memory of one toy zone. Watermarks are zero unless set, so that every page can be used.
 * paint() makes its pages look like a drawing: '.' free, 'U' 'M' 'R' allocated order-0 pages; spaces do not count.
 */
class ToyZone {
 public:
  explicit ToyZone(const ToySpec& spec = {})
      : tunables_(tunables_for(spec)), memory_({zone_spec(spec)}, spec.cpus, tunables_, clock_, costs_) {
    no_watermarks();
  }

  Memory& memory() { return memory_; }
  Zone& zone() { return memory_.zone(0); }
  Tunables& tunables() { return tunables_; }
  Clock& clock() { return clock_; }
  CostTable& costs() { return costs_; }
  Pfn first() { return zone().start(); }
  Pfn at(std::uint64_t page) { return first() + NrPages{page}; }

  /** Pages the drawing does not reach stay free. @types: a letter a pageblock ('U', 'M', 'R', 'H'), rest movable. */
  void paint(std::string_view drawing, std::string_view types = "") {
    take_everything();
    for (std::size_t i = 0; i < zone().nr_pageblocks(); ++i) {
      const Migratetype type = i < types.size() ? type_of(types[i]) : Migratetype::movable;
      zone().set_pageblock_type(zone().pageblock_start(i), type);
    }
    draw_boundary(types);
    std::string pages;
    for (const char letter : drawing) {
      pages += letter == ' ' ? std::string{} : std::string(1, letter);
    }
    pages.resize(zone().spanned().value, '.');
    for (std::size_t i = 0; i < pages.size(); ++i) {
      paint_page(at(i), pages[i]);
    }
    for (unsigned cpu = 0; cpu < zone().nr_cpus(); ++cpu) {
      zone().free_stat().fold(CpuId{cpu});
    }
  }

  /** Watermarks all zero: only what placement forbids is refused. */
  void no_watermarks() { zone().set_watermarks(Watermarks{}); }
  std::string draw() { return gbsim::draw(zone(), memory_.folios()); }
  void check() { check_memory(memory_); }

 private:
  static Tunables tunables_for(const ToySpec& spec) {
    Tunables tunables;
    tunables.kernel_rules = spec.kernel;
    tunables.placement = spec.placement;
    tunables.pcp = spec.pcp;
    tunables.gigablock_reserve_min = 1;
    return tunables;
  }

  static ZoneSpec zone_spec(const ToySpec& spec) {
    ZoneSpec zone;
    zone.type = spec.zone;
    zone.start = Pfn{std::uint64_t{16} << spec.gigablock_order};
    zone.spanned = NrPages{std::uint64_t{spec.gigablocks} << spec.gigablock_order};
    zone.orders = ZoneOrders{Order{spec.pageblock_order + 1}, Order{spec.pageblock_order}, Order{spec.gigablock_order}};
    if (spec.last_is_cma) {
      const NrPages gigablock = zone.orders.gigablock.pages();
      zone.cma.emplace_back(zone.start + zone.spanned - gigablock, gigablock);
    }
    return zone;
  }

  static Migratetype type_of(char letter) {
    switch (letter) {
      case 'U':
        return Migratetype::unmovable;
      case 'R':
        return Migratetype::reclaimable;
      case 'H':
        return Migratetype::highatomic;
      default:
        return Migratetype::movable;
    }
  }

  /** Above the leading pageblocks that are not movable. */
  void draw_boundary(std::string_view types) {
    if (zone().is_confined()) {
      zone().set_boundary(zone().pageblock_start(std::min(types.find('M'), types.size())));
    }
  }

  void take_everything() {
    memory_.drain_all_pcp();
    for (Pfn pfn = zone().start(); pfn < zone().end();) {
      const PageView view = zone().view(pfn);
      GBSIM_CHECK(view.kind == PageKind::free_head || view.kind == PageKind::raw_head);
      if (view.kind == PageKind::raw_head) {
        zone().clear_raw(pfn, view.order);
      } else {
        take_free(pfn, view);
      }
      pfn += view.order.pages();
    }
  }

  void take_free(Pfn pfn, const PageView& view) {
    zone().take_block(pfn, view.order, view.order, view.list);
    if (!zone().rules().accounts_each_take) {
      zone().account_free(-static_cast<std::int64_t>(view.order.pages().value), view.list);
    }
  }

  void paint_page(Pfn pfn, char letter) {
    if (letter == '.') {
      zone().free_block(pfn, Order{0}, zone().pageblock(pfn).type);
      return;
    }
    const Migratetype type = type_of(letter);
    zone().set_raw(pfn, Order{0}, type, type == Migratetype::movable);
  }

  Tunables tunables_;
  Clock clock_;
  CostTable costs_;
  Memory memory_;
};

/** Memory pressure that relieves nothing and counts what it was asked. */
class NoRelief : public PressureRelief {
 public:
  void wake_kswapd(Zone&, const PageRequest&) override { ++kswapd_wakes; }
  void wake_kcompactd(NodeId, Order) override {}
  NrPages direct_reclaim(const PageRequest&) override { return NrPages{}; }
  CompactOutcome direct_compact(const PageRequest&, CompactPriority) override { return CompactOutcome::skipped; }
  bool oom_kill(const PageRequest&) override { return false; }
  NrPages reclaimable_pages(NodeId) const override { return NrPages{}; }

  unsigned kswapd_wakes = 0;
};

}  // namespace gbsim::test
