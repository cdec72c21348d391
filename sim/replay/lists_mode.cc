// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/lists_mode.h"

#include "sim/replay/byte_source.h"
#include "sim/replay/lock_step.h"
#include "sim/replay/recording.h"
#include "sim/replay/snapshot_memory.h"

namespace gbsim {

namespace {

class ListsReplay {
 public:
  explicit ListsReplay(const ReplayRequest& request)
      : recording_(request),
        tunables_(rules_of(recording_)),
        memory_(make_memory(recording_.start(), tunables_, clock_, costs_, PcpLoad::allocated)),
        lock_step_(*memory_, input()) {}

  ReplayOutcome run() {
    if (recording_.survey().count(EventKind::zone_locked) == 0) {
      throw BadRecording(recording_.request().trace, 0,
                         "no mm_page_alloc_zone_locked event: mode lists follows the free lists and needs them "
                         "(gbsim record takes them); mode allocs does without");
    }
    const auto reader = recording_.events();
    EventWindow window(*reader);
    SnapshotWalk walk = recording_.later_snapshots();
    std::uint64_t number = 0;
    Ns last{0};
    for (const TraceEvent* event = window.next(); event != nullptr; event = window.next(), ++number) {
      if (recording_.is_over(*event)) {
        break;
      }
      last = event->time;
      compare_until(last, walk);
      types_.feed(*event);
      if (recording_.has_begun(*event)) {
        lock_step_.feed(*event, number, window);
      }
      tell(*event, number);
    }
    lock_step_.settle();
    compare_until(recording_.request().until.value_or(last + kQuiet), walk);
    return outcome(*reader);
  }

 private:
  static Tunables rules_of(const Recording& recording) {
    Tunables tunables;
    tunables.kernel_rules = recording.kernel();
    return tunables;
  }

  void compare_until(Ns time, SnapshotWalk& walk) {
    while (const ZoneImage* image = walk.due(time)) {
      lock_step_.settle();
      const ScoredSides sides{&types_, &types_, PcpLoad::allocated};
      snapshots_.push_back(score_snapshot(memory_->zone_of(image->start), walk.snapshot(), *image, sides));
    }
  }

  LockStepInput input() const {
    const TraceSurvey& survey = recording_.survey();
    return {survey.count(EventKind::buddy_free) != 0, survey.count(EventKind::isolate) != 0, survey.direct_frees,
            survey.first_compaction};
  }

  void tell(const TraceEvent& event, std::uint64_t number) const {
    constexpr std::uint64_t kEvery = std::uint64_t{1} << 18;
    if (number % kEvery == 0 && recording_.request().on_progress) {
      recording_.request().on_progress({number, recording_.survey().events, event.time});
    }
  }

  ReplayOutcome outcome(const EventReader& reader) {
    ReplayOutcome outcome;
    outcome.mode = "lists";
    outcome.kernel = recording_.kernel();
    outcome.counts = std::move(lock_step_.counts());
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
  LockStep lock_step_;
  PageTypes types_;  // of the kernel's pages, which are ours
  std::vector<SnapshotScore> snapshots_;
};

}  // namespace

ReplayOutcome replay_lists(const ReplayRequest& request) { return ListsReplay(request).run(); }

}  // namespace gbsim
