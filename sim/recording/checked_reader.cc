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

inline bool CheckedReader::repeats(const TraceEvent& event) {
  TraceEvent& last = last_[event.cpu];
  const bool again = same(event, last) && happens_once(event.kind) && event.has_pfn;
  last = event;
  return again;
}

inline bool CheckedReader::is_dropped(const TraceEvent& event) {
  if (event.time < Ns{0} || event.time > kLatestTime) [[unlikely]] {
    ++impossible_times_;
    return true;
  }
  out_of_order_ += event.time < latest_ ? 1 : 0;
  latest_ = std::max(latest_, event.time);
  const bool again = repeats(event);
  doubled_ += again ? 1 : 0;
  return again;
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
    const auto first = batch.begin() + static_cast<std::ptrdiff_t>(before);
    batch.erase(std::remove_if(first, batch.end(), [this](const TraceEvent& event) { return is_dropped(event); }),
                batch.end());
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
