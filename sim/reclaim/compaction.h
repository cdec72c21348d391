// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "sim/base/maybe.h"
#include "sim/mm/memory.h"
#include "sim/reclaim/compact_run.h"
#include "sim/reclaim/compact_types.h"
#include "sim/reclaim/migration.h"

namespace gbsim {

/** Whether and where to compact, deferral, and the callers' units of work: mm/compaction.c. */
class Compaction {
 public:
  Compaction(Memory& memory, Migration& migration);

  /** Why @request need not or cannot be compacted for; nullopt if it can: compaction_suit_allocation_order(). */
  std::optional<CompactOutcome> verdict(const CompactRequest& request) const;
  /** Direct compaction over the zonelist of @node, for what @like asks: try_to_compact_pages(). */
  CompactOutcome direct(NodeId node, ZoneType highest, const CompactRequest& like, CompactPriority priority);
  /** The block that direct() kept for its caller, raw and of the order asked for. */
  Maybe<Pfn> take_captured() { return std::exchange(captured_, std::nullopt); }
  /** Everything in all zones: /proc/sys/vm/compact_memory. */
  void compact_everything(CpuId cpu);
  /** kswapd of @node goes to sleep: pageblocks that a full pass marked fruitless may be looked at again. */
  void reset_skip_bits(NodeId node);
  /** A block of @order at @pfn was allocated thanks to compaction. */
  void paid_off(Pfn pfn, Order order);
  /** Deferral after a run for @request. */
  void settle(const CompactRequest& request, CompactOutcome outcome);

  CompactZone& cached(const Zone& zone) { return zones_[zone.index()]; }
  const CompactZone& cached(const Zone& zone) const { return zones_[zone.index()]; }
  Migration& migration() { return migration_; }

 private:
  CompactOutcome run(const CompactRequest& request);

  Memory& memory_;
  Migration& migration_;
  std::vector<CompactZone> zones_;  // by zone index
  Maybe<Pfn> captured_{};
};

}  // namespace gbsim
