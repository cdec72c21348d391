// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <future>
#include <optional>
#include <string>
#include <vector>

#include "sim/recording/snapshot_set.h"

namespace gbsim {

/**
 * Snapshots of a recording, zone by zone in order of time. Those that know the lists, or, where there are none of them,
 * those that know counts. Two are in memory at most: a thread of its own loads, or draws, the next one ahead.
 */
class SnapshotWalk {
 public:
  /**
   * Those taken after @after. @set outlives the object; nullptr: there are none. Their zones have to be those of
   * @first, if given, which outlives the object, too: else due() throws BadRecording.
   */
  SnapshotWalk(const SnapshotSet* set, Ns after, std::uint64_t seed, const KernelSnapshot* first = nullptr);

  /** Some zone was taken before @time and not given yet. */
  bool is_due(Ns time) const { return next_time_ < time; }
  /** The next zone that was taken before @time; nullptr if none was. Valid until the following call. */
  const ZoneImage* due(Ns time) { return is_due(time) ? take_next(time) : nullptr; }
  /** That zone's snapshot, without classes of pages. */
  const KernelSnapshot& snapshot() const { return *snapshot_; }

 private:
  const ZoneImage* take_next(Ns time);
  bool load_next();
  void refuse_other_zones() const;
  void load_ahead();

  const SnapshotSet* set_;
  std::uint64_t seed_;
  const KernelSnapshot* first_;
  std::vector<const SnapshotEntry*> entries_;  // to come, in order of time
  std::size_t next_ = 0;  // not yet being loaded
  std::future<KernelSnapshot> loading_{};
  std::optional<KernelSnapshot> snapshot_;
  std::size_t zone_ = 0;  // to come
  Ns next_time_ = Ns::min();  // nothing is due up to here
};

}  // namespace gbsim
