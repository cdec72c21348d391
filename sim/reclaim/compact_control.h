// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/base/maybe.h"
#include "sim/mm/memory.h"
#include "sim/reclaim/compact_zone.h"
#include "sim/reclaim/fast_search.h"
#include "sim/reclaim/migration.h"

namespace gbsim {

inline constexpr Order kClusterOrder{5};

/** What one compaction is for. Order 0 asks for no block in particular: the whole zone, or until a score is reached. */
struct CompactRequest {
  Zone* zone = nullptr;
  Order order{};
  Migratetype type = Migratetype::movable;
  MigrateMode mode = MigrateMode::async;
  CpuId cpu{};
  ZoneType highest = ZoneType::normal;  // zones the allocation behind it may use
  AllocFlags flags{};                   // of that allocation
  bool may_fs = true;                   // __GFP_FS: may move folios of files
  bool direct = false;                  // an allocation waits for it
  bool daemon = false;                  // counted as work of kcompactd
  bool whole_zone = false;              // from end to end, whatever is cached
  bool ignore_skip = false;             // looks at pageblocks marked fruitless too
  bool any_target = false;              // takes targets out of unmovable pageblocks too
  unsigned until_score = 0;             // proactive: stop at or below this fragmentation score

  bool for_order() const { return order > Order{0}; }
  bool proactive() const { return until_score != 0; }
};

/** One compaction under way, as both scanners see it: struct compact_control. */
struct CompactControl {
  Memory& memory;
  Zone& zone;
  CompactZone& cached;
  CompactRequest request;
  Pfn migrate_pfn{};
  Pfn free_pfn{};
  std::uint64_t nr_sources = 0;  // base pages isolated and not yet migrated
  std::uint64_t nr_targets = 0;  // free base pages isolated
  bool finish_pageblock = false;
  bool contended = false;
  unsigned fast_search_fail = 0;
  Order search_order{};
  Maybe<Pfn> fast_start{};  // lowest pageblock the fast search offered
  bool fast_start_used = false;
  std::uint64_t looked_at = 0;      // pages and pageblocks, for budgets

  bool async() const { return request.mode == MigrateMode::async; }
  bool scanners_met() const { return block_of(free_pfn) <= block_of(migrate_pfn); }
  Pfn block_of(Pfn pfn) const { return pfn.align_down(zone.orders().pageblock); }
  Pfn end_of_block(Pfn pfn) const { return block_of(pfn) + zone.orders().pageblock.pages(); }
  bool skips(const Pageblock& block) const { return block.skip && !request.ignore_skip; }

  void count_migrate_scanned(std::uint64_t pages);
  void count_free_scanned(std::uint64_t pages);
  void count_isolated(std::uint64_t pages) { memory.vmstat().add(VmEvent::compact_isolated, pages); }
  /** Pageblocks passed over by their labels alone. */
  void count_passed(std::uint64_t pageblocks);
};

}  // namespace gbsim
