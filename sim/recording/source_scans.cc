// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/source_scans.h"

#include <span>

namespace gbsim {

void SourceScans::note_compaction(const TraceEvent& event) {
  if (goes_on(event)) {
    open_[task_of(event)] = starts_.size();
    starts_.emplace_back();
  } else if (event.kind == EventKind::scan_source) {
    if (const auto open = open_.extract(task_of(event))) {
      starts_[open.mapped()] = event.pfn;
    }
  }
}

bool SourceScanReader::next_batch(std::vector<TraceEvent>& batch) {
  const std::size_t before = batch.size();
  if (!base_->next_batch(batch)) {
    return false;
  }
  for (TraceEvent& event : std::span(batch).subspan(before)) {
    if (goes_on(event) && next_ < starts_.size()) {
      const Maybe<Pfn> start = starts_[next_++];
      event.has_pfn = start.has_value();
      event.pfn = start ? *start : Pfn{};
    }
  }
  return true;
}

}  // namespace gbsim
