// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/base/types.h"

namespace gbsim {

/** Things that take time. The layers below the engine count them; the cost table prices them. */
enum class WorkKind : std::uint8_t {
  pcp_alloc,            // served by a per-CPU list
  pcp_free,
  pcp_buddy_step,       // pcpbuddy: one block split, merged or taken over on a CPU's own lists
  pcp_remote_free,      // pcpbuddy: onto the lockless list of the CPU that owns the pageblock
  zone_lock,            // one acquisition of zone->lock, before contention
  buddy_alloc,          // one block taken from or given to the free lists under the lock
  buddy_free,
  move_freepages,       // one free chunk moved between lists by a claim
  zero_page,            // clearing one base page for user space
  fault,                // page fault without its allocation
  slab_object,          // kmem_cache_alloc or free served from a slab
  lru_scan,             // one folio looked at by reclaim
  reclaim_page,         // one base page of clean page cache unmapped and freed
  writeback_page,       // submitting one base page
  swap_out_page,
  swap_in_page,
  file_read_page,       // one base page of readahead, CPU side
  shrink_object,        // one object looked at by a shrinker
  compact_scan,         // one base page looked at by a compaction scanner
  isolate_free_page,    // one free base page isolated as a migration target
  migrate_page,         // one base page copied and remapped
  migrate_fail,         // one failed migration attempt
  split_folio,          // one large folio split
  wait_writeback,       // direct reclaim throttled on writeback, one wait
  direct_reclaim_entry, // fixed cost of entering direct reclaim, per entry
  direct_compact_entry,
  drain_pcp,            // IPI and drain of one CPU's lists
  gigablock_look,       // one gigablock examined by a search for one that serves
  bitmap_word,          // one word of a bitmap over gigablocks read by it
  kcount
};

inline constexpr std::size_t kNrWorkKinds = static_cast<std::size_t>(WorkKind::kcount);

/** One price with its provenance. */
struct CostEntry {
  WorkKind kind;
  std::string_view name;    // key under `costs:` in a scenario
  Ns cost;
  std::string_view source;  // where the default comes from
};

/** Every default price, in the order of WorkKind. */
const std::array<CostEntry, kNrWorkKinds>& default_costs();

/** Current prices in nanoseconds for one unit of each kind. */
class CostTable {
 public:
  CostTable();

  Ns of(WorkKind kind) const { return Ns{price_[static_cast<std::size_t>(kind)]}; }
  void set(WorkKind kind, Ns price) { price_[static_cast<std::size_t>(kind)] = price.count(); }

 private:
  std::array<std::int64_t, kNrWorkKinds> price_{};
};

/** Adds up work as simulated time for whoever runs now: a CPU, or a daemon. */
class WorkMeter {
 public:
  explicit WorkMeter(const CostTable& costs) : costs_(&costs) {}

  void charge(WorkKind kind, std::uint64_t units = 1) {
    spent_ += costs_->of(kind).count() * static_cast<std::int64_t>(units);
    units_[static_cast<std::size_t>(kind)] += units;
  }
  /** Time that is no unit of work, such as a wait for a device. */
  void charge_time(Ns time) { spent_ += time.count(); }

  /** Total simulated time charged since construction. */
  Ns spent() const { return Ns{spent_}; }
  std::uint64_t units(WorkKind kind) const { return units_[static_cast<std::size_t>(kind)]; }

 private:
  const CostTable* costs_;
  std::int64_t spent_ = 0;
  std::array<std::uint64_t, kNrWorkKinds> units_{};
};

}  // namespace gbsim
