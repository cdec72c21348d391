// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/base/maybe.h"
#include "sim/recording/event_reader.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/**
 * Where each compaction that went on looked next for pages to move. The search for that pageblock turns free lists when
 * it begins, right after the check; its result shows only when the pageblock was scanned, perhaps milliseconds later.
 */
class SourceScans {
 public:
  void note(const TraceEvent& event) {
    if (event.kind == EventKind::compaction_check || event.kind == EventKind::scan_source) {
      note_compaction(event);
    }
  }
  /** One for each compaction_check that goes on, in order; nothing where no pageblock was scanned. */
  std::vector<Maybe<Pfn>> take() && { return std::move(starts_); }

 private:
  void note_compaction(const TraceEvent& event);

  std::vector<Maybe<Pfn>> starts_;
  std::unordered_map<std::uint32_t, std::size_t> open_;  // by task: place in starts_
};

/** The events of another reader, with pfn of each compaction_check that goes on as SourceScans found it. */
class SourceScanReader : public EventReader {
 public:
  /** @starts outlives the object. */
  SourceScanReader(std::unique_ptr<EventReader> base, const std::vector<Maybe<Pfn>>& starts)
      : base_(std::move(base)), starts_(starts) {}

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override { return base_->origin(); }
  EventTally oddities() const override { return base_->oddities(); }

 private:
  std::unique_ptr<EventReader> base_;
  const std::vector<Maybe<Pfn>>& starts_;
  std::size_t next_ = 0;
};

}  // namespace gbsim
