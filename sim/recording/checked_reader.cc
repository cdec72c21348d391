// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/checked_reader.h"

#include <algorithm>

#include "sim/recording/byte_source.h"

namespace gbsim {

namespace {

/** No page can do this twice in a row on one CPU. */
bool happens_once(EventKind kind) {
  return kind == EventKind::alloc || kind == EventKind::free || kind == EventKind::zone_locked ||
         kind == EventKind::pcpu_drain;
}

bool same(const TraceEvent& a, const TraceEvent& b) {
  return a.pfn == b.pfn && a.time == b.time && a.kind == b.kind && a.order == b.order && a.type == b.type &&
         a.gfp == b.gfp && a.flag == b.flag;
}

}  // namespace

inline bool CheckedReader::is_impossible(Ns time) {
  const bool impossible = time < Ns{0} || time > kLatestTime;
  impossible_times_ += impossible ? 1 : 0;
  return impossible;
}

inline bool CheckedReader::repeats(const TraceEvent& event, const TraceEvent& last) {
  out_of_order_ += event.time < latest_ ? 1 : 0;
  latest_ = std::max(latest_, event.time);
  const bool again = same(event, last) && happens_once(event.kind) && event.has_pfn;
  doubled_ += again ? 1 : 0;
  return again;
}

/** Events are only pointed at while the batch stands, as nearly all are followed by another of their CPU in it. */
void CheckedReader::drop_bad(std::vector<TraceEvent>& batch, std::size_t first) {
  auto kept = batch.begin() + static_cast<std::ptrdiff_t>(first);
  for (auto event = kept; event != batch.end(); ++event) {
    if (is_impossible(event->time)) [[unlikely]] {
      continue;
    }
    Last& last = last_[event->cpu];
    if (repeats(*event, last.event())) [[unlikely]] {
      continue;
    }
    if (kept != event) {
      *kept = *event;
    }
    last.in_batch = &*kept++;
  }
  batch.erase(kept, batch.end());
  for (Last& last : last_) {
    last.leave_batch();
  }
}

void CheckedReader::refuse_empty() const {
  if (is_empty_) {
    throw BadRecording(name_, 0,
                       "no event of the page allocator is in it: record kmem:mm_page_alloc and kmem:mm_page_free at "
                       "least, or let `gbsim record` take all that replays use (gbsim record --help)");
  }
}

// Nothing appended means the end, so a batch of nothing but repetitions is followed by the next.
bool CheckedReader::next_batch(std::vector<TraceEvent>& batch) {
  const std::size_t before = batch.size();
  while (batch.size() == before) {
    if (!base_->next_batch(batch)) {
      refuse_empty();
      return false;
    }
    is_empty_ = false;
    drop_bad(batch, before);
  }
  return true;
}

void CheckedReader::rewind() {
  base_->rewind();
  *this = CheckedReader(std::move(base_), std::move(name_));
}

EventTally CheckedReader::oddities() const {
  EventTally tally = base_->oddities();
  tally.add("out_of_order", out_of_order_);
  tally.add("impossible_times", impossible_times_);
  tally.add("doubled", doubled_);
  return tally;
}

}  // namespace gbsim
