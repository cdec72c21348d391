// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_settings.h"

#include "sim/replay/snapshot_memory.h"

namespace gbsim {

namespace {

/** Where the zone is one of @memory. */
void set_own(const ZoneImage& image, Memory& memory) {
  Zone& zone = memory.zone_of(image.start);
  if (zone.start() == image.start && zone.type() == image.type) {
    set_limits(zone, image, memory.tunables());
  }
}

}  // namespace

RecordedSettings::RecordedSettings(const SnapshotSet* set, Ns after) : set_(set) {
  if (set != nullptr) {
    entries_ = set->after(after);
  }
  due_ = next_due();
}

void RecordedSettings::apply_due(Ns now, Memory& memory) {
  for (; due_ < now; due_ = next_due()) {
    for (const ZoneImage& image : set_->load_zones(*entries_[next_++])) {
      set_own(image, memory);
    }
  }
}

}  // namespace gbsim
