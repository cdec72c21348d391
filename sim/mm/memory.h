// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/base/clock.h"
#include "sim/base/prefetch.h"
#include "sim/base/tunables.h"
#include "sim/base/work.h"
#include "sim/mm/folio.h"
#include "sim/mm/lru.h"
#include "sim/mm/machine.h"
#include "sim/mm/trace.h"
#include "sim/mm/vmstat.h"
#include "sim/mm/zone.h"

namespace gbsim {

class TracepointSink;

/**
 * Nodes, zones, folios and counters of one machine: the only owner of memory state; it never decides.
 * kPinned and kMigratable of a folio change only through this class, because pageblocks count them.
 */
class Memory {
 public:
  /** All references outlive the object. @costs is read when work is charged, @tunables when rules are applied. */
  Memory(const MachineSpec& machine, Tunables& tunables, const Clock& clock, CostTable& costs);
  /** Zones laid out by hand, for tests and oracle runs; ascending pfn. */
  Memory(std::vector<ZoneSpec> zones, unsigned nr_cpus, Tunables& tunables, const Clock& clock, CostTable& costs);
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory();

  unsigned nr_nodes() const { return nr_nodes_; }
  unsigned nr_cpus() const { return nr_cpus_; }
  NodeId node_of(CpuId cpu) const { return cpu_nodes_[cpu.value]; }
  NodeId node_of(const Folio& folio) const { return zones_[folio.zone]->node(); }

  std::size_t nr_zones() const { return zones_.size(); }
  Zone& zone(std::size_t i) { return *zones_[i]; }
  const Zone& zone(std::size_t i) const { return *zones_[i]; }
  Zone& zone_of(Pfn pfn) { return *zones_[zone_index(pfn)]; }
  const Zone& zone_of(Pfn pfn) const { return *zones_[zone_index(pfn)]; }
  Zone& zone_of(const Folio& folio) { return *zones_[folio.zone]; }
  /** Zones a request from @node for at most @highest may use, in fallback order: highest first, near nodes first. */
  std::span<Zone* const> zonelist(NodeId node, ZoneType highest) const {
    return zonelists_[node.value][static_cast<std::size_t>(highest)];
  }
  /**
   * Requests that start at this zonelist avoid mixing pageblock types at first: it begins with zone Normal, and on a
   * NUMA machine there is a DMA32 zone below to spread to.
   */
  bool avoids_mixing(NodeId node, ZoneType highest) const {
    return avoids_mixing_[node.value][static_cast<std::size_t>(highest)];
  }
  /** Ascending pfn. */
  std::span<Zone* const> zones_of(NodeId node) const;
  /** Managed pages of all zones: totalram_pages(). */
  NrPages managed() const;

  /** Hints that the record of @id will be looked at soon. */
  void prefetch_folio(FolioId id) const { prefetch_line(&folios_[id]); }
  /** Hints that @folio will be freed soon: its page, and its neighbours on the LRU list. */
  void prefetch_free(const Folio& folio) const {
    const Zone& home = *zones_[folio.zone];
    home.page_map().prefetch_slot(home.page(folio.pfn));
    prefetch_line(&folios_[FolioId{folio.prev == kNoFolio ? 0 : folio.prev}]);
    prefetch_line(&folios_[FolioId{folio.next == kNoFolio ? 0 : folio.next}]);
  }
  FolioTable& folios() { return folios_; }
  const FolioTable& folios() const { return folios_; }
  LruVec& lru(NodeId node) { return lrus_[node.value]; }
  const LruVec& lru(NodeId node) const { return lrus_[node.value]; }
  Vmstat& vmstat() { return vmstat_; }
  const Vmstat& vmstat() const { return vmstat_; }
  /** Brings the states among the counters (nr_free_pages, nr_inactive_anon, ...) up to date. */
  void refresh_vmstat();
  const Clock& clock() const { return clock_; }
  Tunables& tunables() { return tunables_; }
  const Tunables& tunables() const { return tunables_; }
  CostTable& costs() { return costs_; }
  /** Whoever pays for work now. */
  WorkMeter& meter() { return *meter_; }
  void set_meter(WorkMeter& meter) { meter_ = &meter; }
  /** Somebody takes zone->lock: charged, and counted for the whole machine. */
  void charge_zone_lock() {
    meter_->charge(WorkKind::zone_lock);
    ++zone_locks_;
  }
  std::uint64_t zone_locks() const { return zone_locks_; }
  ExtfragCounts& extfrag() { return extfrag_; }
  const ExtfragCounts& extfrag() const { return extfrag_; }
  void set_trace(TraceSink* sink);
  /**
   * Listens to tracepoints (sim/mm/tracepoint.h) and outlives its use; nullptr for nobody, as at first. @frequent: to
   * those of every allocation too.
   */
  void set_tracepoints(TracepointSink* sink, bool frequent = false) {
    tracepoints_ = sink;
    frequent_tracepoints_ = frequent ? sink : nullptr;
  }
  TracepointSink* tracepoints() const { return tracepoints_; }
  TracepointSink* frequent_tracepoints() const { return frequent_tracepoints_; }

  /** Watermarks, lowmem reserves, per-CPU sizes and counter thresholds out of the tunables; call when those change. */
  void apply_tunables();
  /** The tunable, or what the kernel computes when it is 0. */
  std::uint64_t min_free_kbytes() const;
  /** totalreserve_pages: what the page cache must leave for the reserves. */
  NrPages totalreserve() const { return totalreserve_; }

  /** A raw block of exactly @order becomes a folio of request type @type. On no LRU. */
  FolioId attach_folio(Pfn pfn, Order order, Migratetype type, OwnerId owner, std::uint32_t cookie);
  /** The reverse: its pages are raw again, the id is dead. Requires: on no LRU. */
  void detach_folio(FolioId id);
  /** Off its LRU, detached, freed through the per-CPU lists. */
  void free_folio(FolioId id, CpuId cpu);
  /** A raw block of exactly @order goes to the per-CPU lists, or straight to the buddy. */
  void free_pages(Pfn pfn, Order order, CpuId cpu);
  /** Calls of free_pages() so far. */
  std::uint64_t frees() const { return frees_; }
  /** Migration: the folio now lives in the raw block of its order at @to; its old pages become raw. */
  void move_folio(FolioId id, Pfn to);
  /** To order 0, same owner, LRU place kept; tells the owner. The id is dead. */
  std::vector<FolioId> split_folio(FolioId id);
  void set_pinned(FolioId id, bool pinned);
  /** Movable although not allocated so, such as btrfs metadata pages on the LRU. */
  void set_migratable(FolioId id, bool migratable);

  void drain_pcp(CpuId cpu);
  void drain_all_pcp();
  /** The periodic vmstat work of one CPU: folds its counters, lets its per-CPU lists decay. */
  void tick(CpuId cpu);

  /** Bytes of allocator metadata: page maps, pageblocks, lists. Folio records are not included. */
  std::uint64_t metadata_bytes() const;

 private:
  void build(std::vector<ZoneSpec> zones);
  void build_zonelists();
  bool begins_above_dma32(std::span<Zone* const> zones) const;
  void append_zones(unsigned node, std::size_t highest, std::vector<Zone*>& list) const;
  void charge_drain(unsigned blocks);
  std::size_t zone_index(Pfn pfn) const {
    std::size_t i = zones_.size() - 1;
    while (i > 0 && pfn < starts_[i]) {
      --i;
    }
    return i;
  }

  unsigned nr_nodes_;
  unsigned nr_cpus_;
  bool khugepaged_;  // the machine has one, which raises min_free_kbytes
  Tunables& tunables_;
  const Clock& clock_;
  CostTable& costs_;
  std::vector<std::unique_ptr<Zone>> zones_;
  std::vector<Pfn> starts_;
  std::vector<NodeId> cpu_nodes_;
  std::vector<std::vector<Zone*>> node_zones_;
  std::vector<std::array<std::vector<Zone*>, kNrZoneTypes>> zonelists_;
  std::vector<std::array<bool, kNrZoneTypes>> avoids_mixing_;
  FolioTable folios_;
  std::vector<LruVec> lrus_;
  Vmstat vmstat_;
  ExtfragCounts extfrag_;
  NrPages totalreserve_;
  std::uint64_t frees_ = 0;
  std::uint64_t zone_locks_ = 0;
  WorkMeter own_meter_;
  WorkMeter* meter_;
  TracepointSink* tracepoints_ = nullptr;
  TracepointSink* frequent_tracepoints_ = nullptr;
};

}  // namespace gbsim
