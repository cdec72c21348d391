// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/recording/snapshot_set.h"

namespace gbsim {

/**
 * What was set anew while a machine was recorded: watermarks, reserves, limits of per-CPU lists. No event tells when
 * (vm.min_free_kbytes and its like are sysctls); each snapshot shows what holds by then, also those that have no lists.
 */
class RecordedSettings {
 public:
  /** Of snapshots taken after @after. @set outlives the object; nullptr: there are none. */
  RecordedSettings(const SnapshotSet* set, Ns after);

  /** Zones of @memory are set as the last snapshot before @now has them; others pass. Throws BadRecording. */
  void apply_until(Ns now, Memory& memory) {
    if (due_ < now) [[unlikely]] {
      apply_due(now, memory);
    }
  }

 private:
  void apply_due(Ns now, Memory& memory);
  Ns next_due() const { return next_ < entries_.size() ? *entries_[next_]->time : Ns::max(); }

  const SnapshotSet* set_;
  std::vector<const SnapshotEntry*> entries_;  // in order of time
  std::size_t next_ = 0;
  Ns due_{0};  // when the next one was taken
};

}  // namespace gbsim
