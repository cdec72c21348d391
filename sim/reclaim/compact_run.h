// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "sim/base/maybe.h"
#include "sim/reclaim/compact_control.h"
#include "sim/reclaim/compact_types.h"
#include "sim/reclaim/source_scan.h"
#include "sim/reclaim/target_scan.h"

namespace gbsim {

/**
 * One compaction of one zone, compact_zone(): the migrate scanner from the bottom and the free scanner from the top
 * until they meet or the wish is met. advance() does a bounded part, so that daemons spread it over time.
 */
class CompactRun {
 public:
  CompactRun(Memory& memory, Migration& migration, CompactZone& cached, const CompactRequest& request);
  CompactRun(const CompactRun&) = delete;
  CompactRun& operator=(const CompactRun&) = delete;

  /** Looks at about @budget base pages; true if there is more to do. */
  bool advance(NrPages budget);
  CompactOutcome outcome() const { return outcome_.value_or(CompactOutcome::partial); }
  const CompactRequest& request() const { return control_.request; }
  std::uint64_t migrated() const { return migrated_; }
  /** The raw block of the wanted order that this direct compaction kept for its caller. */
  Maybe<Pfn> captured() const { return captured_; }

 private:
  enum class Migrated : std::uint8_t { all, some, no_target };

  void place_scanners();
  void iterate();
  std::optional<CompactOutcome> finished();
  bool score_reached() const;
  bool has_suitable_page() const;
  bool has_watermark_in_blocks() const;
  /** Isolates and migrates; false if the run has ended. */
  bool move_some();
  Migrated migrate_isolated();
  Migrated migrate(FolioId id);
  Migrated migrate_parts(FolioId id);
  bool should_finish_pageblock() const;
  void drain_if_passed();
  void capture();
  Maybe<Pfn> capture_at(Pfn chunk);
  void finish(CompactOutcome outcome);
  void trace_run() const;

  Memory& memory_;
  Migration& migration_;
  CompactControl control_;
  SourceScan sources_;
  TargetScan targets_;
  Maybe<Pfn> last_migrated_{};  // pageblock whose freed pages may still sit on per-CPU lists
  std::vector<Pfn> emptied_;            // chunks of the wanted order that folios left
  bool sync_cached_ = false;            // async found nothing so far where sync would have looked first
  std::uint64_t migrated_ = 0;
  Maybe<Pfn> captured_{};
  std::optional<CompactOutcome> outcome_{};
};

}  // namespace gbsim
