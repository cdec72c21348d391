// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/reclaim/compact_types.h"
#include "sim/reclaim/migration.h"

namespace gbsim {

/** Scanner positions and deferral that one zone keeps between compactions. */
struct CompactZone {
  Pfn migrate_async;
  Pfn migrate_sync;
  Pfn free;
  unsigned considered = 0;    // attempts since the last failure
  unsigned defer_shift = 0;   // 1 << shift attempts are passed over
  Order order_failed{};
  bool flush_skip_bits = false;
};

/** What one compaction is for. */
struct CompactRequest {
  Zone* zone = nullptr;
  Order order{};
  Migratetype type = Migratetype::movable;
  MigrateMode mode = MigrateMode::async;
  CpuId cpu{};
  bool direct = false;
  bool whole_zone = false;      // from end to end, whatever is cached
  bool ignore_skip = false;     // look at pageblocks marked fruitless too
  unsigned until_score = 0;     // proactive: stop at or below this fragmentation score; 0: by order
};

/**
 * One compaction of one zone: a migrate scanner from the bottom and a free scanner from the top that meet.
 * advance() does a bounded part, so that daemons spread it over time; direct compaction runs it to the end.
 */
class CompactRun {
 public:
  CompactRun(Memory& memory, Migration& migration, CompactZone& cached, const CompactRequest& request);
  ~CompactRun();
  CompactRun(const CompactRun&) = delete;
  CompactRun& operator=(const CompactRun&) = delete;

  /** Looks at up to @budget base pages; true if there is more to do. */
  bool advance(NrPages budget);
  CompactOutcome outcome() const { return outcome_; }
  const CompactRequest& request() const { return request_; }
  std::uint64_t migrated() const { return migrated_; }

 private:
  bool suitable_source(const Pageblock& block) const;
  bool suitable_target(const Pageblock& block, Pfn start) const;
  bool satisfied() const;
  bool scanners_met() const;
  void collect_sources();
  void collect_from(std::size_t block);
  void consider(FolioId id);
  void collect_targets();
  void isolate_targets_in(std::size_t block);
  void migrate_collected();
  std::optional<Pfn> take_target(Order order);
  void give_back_targets();
  void finish(CompactOutcome outcome);
  void count_scanned(std::uint64_t migrate, std::uint64_t free);

  Memory& memory_;
  Migration& migration_;
  CompactZone& cached_;
  CompactRequest request_;
  Zone& zone_;
  std::size_t migrate_block_;
  std::size_t free_block_;  // targets are taken from below this pageblock
  std::vector<FolioId> sources_;
  std::uint64_t source_pages_ = 0;
  std::vector<std::vector<Pfn>> targets_;  // isolated raw blocks, by order
  std::uint64_t target_pages_ = 0;
  std::uint64_t migrated_ = 0;
  std::uint64_t looked_at_ = 0;
  CompactOutcome outcome_ = CompactOutcome::partial;
};

/** Whether and where to compact, deferral, and the callers' units of work: mm/compaction.c. */
class Compaction {
 public:
  Compaction(Memory& memory, Migration& migration);

  /** Would compaction of @zone for @order have a chance: enough free pages, and fragmentation is the problem. */
  bool suitable(const Zone& zone, Order order) const;
  bool deferred(const Zone& zone, Order order);
  /** One direct compaction over the zonelist of @node. */
  CompactOutcome direct(NodeId node, ZoneType highest, const CompactRequest& like, CompactPriority priority);
  /** Runs one compaction to its end and settles deferral. */
  CompactOutcome run(const CompactRequest& request);
  /** All of all zones: /proc/sys/vm/compact_memory. */
  void compact_everything(CpuId cpu);
  /** kswapd goes to sleep: fruitless pageblocks of full passes may be looked at again. */
  void reset_skip_bits(NodeId node);

  CompactZone& cached(const Zone& zone) { return zones_[zone.index()]; }
  void settle(const CompactRequest& request, CompactOutcome outcome);
  Migration& migration() { return migration_; }

 private:
  void defer(CompactZone& zone, Order order);
  void reset_defer(CompactZone& zone, Order order);

  Memory& memory_;
  Migration& migration_;
  std::vector<CompactZone> zones_;
};

}  // namespace gbsim
