// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/snapshot_walk.h"

#include <algorithm>

namespace gbsim {

SnapshotWalk::SnapshotWalk(const SnapshotSet* set, Ns after, std::uint64_t seed) : set_(set), seed_(seed) {
  if (set == nullptr) {
    return;
  }
  entries_ = set->after(after);
  std::erase_if(entries_, [is_exact = set->any_exact()](const SnapshotEntry* entry) {
    return entry->is_exact != is_exact;
  });
  load_ahead();
}

void SnapshotWalk::load_ahead() {
  if (next_ != entries_.size()) {
    loading_ = std::async(std::launch::async, [set = set_, entry = entries_[next_++], seed = seed_] {
      return set->load_lists(*entry, seed);
    });
  }
}

bool SnapshotWalk::load_next() {
  if (!loading_.valid()) {
    return false;
  }
  snapshot_ = loading_.get();
  zone_ = 0;
  load_ahead();
  return true;
}

const ZoneImage* SnapshotWalk::take_next(Ns time) {
  while (!snapshot_ || zone_ == snapshot_->zones.size()) {
    if (!load_next()) {
      next_time_ = Ns::max();
      return nullptr;
    }
  }
  const ZoneImage& zone = snapshot_->zones[zone_];
  if (zone.time >= time) {
    next_time_ = zone.time;
    return nullptr;
  }
  ++zone_;
  return &zone;
}

}  // namespace gbsim
