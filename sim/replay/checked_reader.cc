// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/checked_reader.h"

#include <algorithm>

namespace gbsim {

namespace {

/** No page can do this twice in a row on one CPU. */
bool happens_once(EventKind kind) {
  return kind == EventKind::alloc || kind == EventKind::free || kind == EventKind::zone_locked ||
         kind == EventKind::pcpu_drain;
}

bool same(const TraceEvent& a, const TraceEvent& b) {
  return a.kind == b.kind && a.pfn == b.pfn && a.time == b.time && a.order == b.order && a.type == b.type &&
         a.gfp == b.gfp && a.flag == b.flag;
}

}  // namespace

bool CheckedReader::repeats(const TraceEvent& event) {
  if (event.cpu >= last_.size()) {
    last_.resize(event.cpu + std::size_t{1});
  }
  TraceEvent& last = last_[event.cpu];
  const bool again = happens_once(event.kind) && event.has_pfn && same(event, last);
  last = event;
  return again;
}

bool CheckedReader::next_batch(std::vector<TraceEvent>& batch) {
  const auto before = static_cast<std::ptrdiff_t>(batch.size());
  if (!base_->next_batch(batch)) {
    return false;
  }
  const auto first = batch.begin() + before;
  for (auto event = first; event != batch.end(); ++event) {
    out_of_order_ += event->time < latest_ ? 1 : 0;
    latest_ = std::max(latest_, event->time);
  }
  const auto kept = std::remove_if(first, batch.end(), [this](const TraceEvent& event) { return repeats(event); });
  doubled_ += static_cast<std::uint64_t>(batch.end() - kept);
  batch.erase(kept, batch.end());
  // Nothing appended means the end, so a batch of nothing but repetitions is followed by the next.
  return batch.begin() + before != batch.end() || next_batch(batch);
}

EventTally CheckedReader::oddities() const {
  EventTally tally = base_->oddities();
  if (out_of_order_ != 0) {
    tally.add("out_of_order", out_of_order_);
  }
  if (doubled_ != 0) {
    tally.add("doubled", doubled_);
  }
  return tally;
}

}  // namespace gbsim
