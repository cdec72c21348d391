// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/allocs_mode.h"

#include "sim/replay/allocs_replay.h"
#include "sim/replay/recording.h"
#include "sim/replay/snapshot_memory.h"

namespace gbsim {

namespace {

class AllocsMode {
 public:
  explicit AllocsMode(const ReplayRequest& request)
      : recording_(request),
        tunables_(rules_of(recording_)),
        memory_(make_memory(recording_.start(), tunables_, clock_, costs_, PcpLoad::lists)),
        untraced_(recording_.untraced()),
        replay_(*memory_, untraced_) {}

  ReplayOutcome run() {
    const auto reader = recording_.events(Untraced::left_out);
    SnapshotWalk walk = recording_.later_snapshots();
    std::vector<TraceEvent> batch;
    for (bool more = true; more;) {
      batch.clear();
      more = reader->next_batch(batch) && feed(batch, walk);
    }
    replay_.flush();
    compare_until(recording_.request().until.value_or(last_ + kQuiet), walk);
    return outcome(*reader);
  }

 private:
  static Tunables rules_of(const Recording& recording) {
    Tunables tunables;
    tunables.kernel_rules = recording.kernel();
    return tunables;
  }

  /** False: the rest is not wanted. */
  bool feed(const std::vector<TraceEvent>& batch, SnapshotWalk& walk) {
    for (const TraceEvent& event : batch) {
      if (recording_.is_over(event)) {
        return false;
      }
      compare_until(event.time, walk);
      types_.feed(event);
      if (recording_.has_begun(event)) {
        note_compaction(event);
        replay_.feed(event);
      }
    }
    number_ += batch.size();
    last_ = batch.back().time;
    if (recording_.request().on_progress) {
      recording_.request().on_progress({number_, recording_.survey().events, batch.back().time});
    }
    return true;
  }

  void note_compaction(const TraceEvent& event) {
    if (recording_.survey().first_compaction && event.time >= *recording_.survey().first_compaction) {
      replay_.note_compaction();
    }
  }

  void compare_until(Ns time, SnapshotWalk& walk) {
    while (const ZoneImage* image = walk.due(time)) {
      replay_.flush();
      const ScoredSides sides{&types_, &types_, PcpLoad::lists};
      snapshots_.push_back(score_snapshot(memory_->zone_of(image->start), walk.snapshot(), *image, sides));
    }
  }

  ReplayOutcome outcome(const EventReader& reader) {
    ReplayOutcome outcome;
    outcome.mode = "allocs";
    outcome.kernel = recording_.kernel();
    outcome.counts = std::move(replay_.counts());
    const EventTally oddities = reader.oddities();
    for (const auto& [kind, count] : oddities.counts()) {
      outcome.counts.skipped.add(kind, count);
    }
    outcome.snapshots = std::move(snapshots_);
    outcome.remarks = recording_.remarks();
    return outcome;
  }

  Recording recording_;
  Tunables tunables_;
  Clock clock_;
  CostTable costs_;
  std::unique_ptr<Memory> memory_;
  UntracedPages untraced_;
  AllocsReplay replay_;
  PageTypes types_;  // of the kernel's pages, which are ours
  std::vector<SnapshotScore> snapshots_;
  std::uint64_t number_ = 0;
  Ns last_{0};  // time of an event
};

}  // namespace

ReplayOutcome replay_allocs(const ReplayRequest& request) { return AllocsMode(request).run(); }

}  // namespace gbsim
