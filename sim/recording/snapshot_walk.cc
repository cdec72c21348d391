// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/snapshot_walk.h"

#include <algorithm>

#include "sim/recording/byte_source.h"

namespace gbsim {

namespace {

bool same_shape(const ZoneImage& a, const ZoneImage& b) {
  return a.type == b.type && a.node == b.node && a.start == b.start && a.spanned == b.spanned &&
         a.orders.max == b.orders.max && a.orders.pageblock == b.orders.pageblock;
}

}  // namespace

SnapshotWalk::SnapshotWalk(const SnapshotSet* set, Ns after, std::uint64_t seed, const KernelSnapshot* first)
    : set_(set), seed_(seed), first_(first) {
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
  refuse_other_zones();
  zone_ = 0;
  load_ahead();
  return true;
}

void SnapshotWalk::refuse_other_zones() const {
  if (first_ == nullptr || std::ranges::equal(snapshot_->zones, first_->zones, same_shape)) {
    return;
  }
  const RecordedFiles& files = entries_[next_ - 1]->files;
  throw BadRecording(files.path_of(files.has("pgsnap") ? "pgsnap" : "zoneinfo"), 0,
                     "its zones are not those of the first snapshot: is it of this machine and this boot?");
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
