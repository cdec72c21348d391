// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/replay_driver.h"

#include <utility>

namespace gbsim {

namespace {

/** More frees of free pages than compaction's unused targets explain, which are one event in two hundred at most. */
bool contradicts_snapshots(const ReplayCounts& counts) {
  constexpr std::uint64_t kOneIn = 25;
  return counts.corrections.count("freed_while_free") * kOneIn > counts.events;
}

}  // namespace

ReplayDriver::ReplayDriver(const Recording& recording, const ReplayPlan& plan)
    : recording_(recording),
      plan_(plan),
      ours_(recording.start(), recording.tunables(), plan.pcp),
      walk_(recording.later_snapshots()) {}

ReplayOutcome ReplayDriver::run(ReplayModel& model, const OnReplayProgress& on_progress) {
  const auto reader = recording_.events(plan_.untraced);
  EventWindow window(*reader);
  std::uint64_t number = 0;
  Ns last{0};
  for (const TraceEvent* event = window.next(); event != nullptr; event = window.next()) {
    if (recording_.is_over(*event)) [[unlikely]] {
      break;
    }
    last = event->time;
    if (walk_.is_due(last)) [[unlikely]] {
      compare_until(last, model);
    }
    types_.feed(*event);
    if (recording_.has_begun(*event)) {
      model.feed(*event, number, window);
    } else {
      ++before_start_;
    }
    if (!tell(on_progress, *event, number)) [[unlikely]] {
      is_interrupted_ = true;
      break;
    }
    number += event->announced ? 1 : 0;
  }
  model.settle();
  compare_until(is_interrupted_ ? last : recording_.request().until.value_or(last + kQuiet), model);
  return outcome(model, *reader);
}

void ReplayDriver::compare_until(Ns time, ReplayModel& model) {
  while (const ZoneImage* image = walk_.due(time)) {
    model.settle();
    const ScoredSides sides{&types_, &types_, plan_.pcp};
    snapshots_.push_back(score_snapshot(memory().zone_of(image->start), walk_.snapshot(), *image, sides));
  }
}

bool ReplayDriver::tell(const OnReplayProgress& on_progress, const TraceEvent& event, std::uint64_t number) const {
  constexpr std::uint64_t kEvery = std::uint64_t{1} << 18;
  return number % kEvery != 0 || !on_progress || on_progress({number, recording_.survey().events, event.time});
}

ReplayOutcome ReplayDriver::outcome(ReplayModel& model, const EventReader& reader) {
  ReplayOutcome outcome;
  outcome.mode = plan_.mode;
  outcome.kernel = recording_.kernel();
  outcome.is_interrupted = is_interrupted_;
  outcome.first_compaction = recording_.survey().first_compaction;
  outcome.counts = std::move(model.counts());
  outcome.counts.skipped.add("before_first_snapshot", before_start_);
  outcome.counts.skipped.add(reader.oddities());
  outcome.snapshots = std::move(snapshots_);
  outcome.remarks = recording_.remarks();
  if (contradicts_snapshots(outcome.counts)) {
    outcome.remarks.emplace_back("many pages are freed that the snapshot has free: is it of this machine, this boot "
                                 "and the time of the recording's beginning?");
  }
  return outcome;
}

}  // namespace gbsim
