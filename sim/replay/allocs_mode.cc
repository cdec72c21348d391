// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/allocs_mode.h"

#include <future>
#include <memory>
#include <utility>

#include "sim/replay/allocs_replay.h"
#include "sim/replay/list_follower.h"
#include "sim/replay/recorded_settings.h"
#include "sim/replay/replay_driver.h"

namespace gbsim {

namespace {

using LeadBack = AllocsReplay::LeadBack;

LeadBack lead_back_for(const ReplayRequest& request, const Recording& recording) {
  const bool shows_lists = recording.survey().count(EventKind::zone_locked) != 0;
  return shows_lists && !request.calls_only ? LeadBack::by_lists : LeadBack::by_calls;
}

Untraced untraced_for(LeadBack lead_back) {
  return lead_back == LeadBack::by_lists ? Untraced::as_allocations : Untraced::left_out;
}

/** For lists that lead back: as large as the model's memory, and made beside it. Nothing comes where calls do. */
std::future<std::unique_ptr<SnapshotMemory>> start_following(LeadBack lead_back, const Recording& recording) {
  if (lead_back == LeadBack::by_calls) {
    return {};
  }
  return std::async(std::launch::async, [&recording] { return ListFollower::make_followed(recording); });
}

class AllocsModel final : public ReplayModel {
 public:
  /** @followed: for ListFollower; nullptr where calls lead back. */
  AllocsModel(Memory& memory, const Recording& recording, std::unique_ptr<SnapshotMemory> followed)
      : memory_(memory),
        untraced_(recording.untraced()),
        settings_(recording.snapshots(), recording.start().time),
        replay_(memory, untraced_, followed ? LeadBack::by_lists : LeadBack::by_calls,
                recording.survey().count(EventKind::isolate) != 0),
        first_compaction_(recording.survey().first_compaction) {
    if (followed) {
      follower_.emplace(recording, std::move(followed), memory);
    }
  }

  void feed(const TraceEvent& event, std::uint64_t number, const EventWindow& window) override {
    if (first_compaction_ && event.time >= *first_compaction_) {
      replay_.note_compaction();
    }
    settings_.apply_until(event.time, memory_);
    if (!follower_) {
      return replay_.feed(event);
    }
    if (event.kind == EventKind::extfrag) {
      follower_->feed(event, number, window);
      return follower_->was_capture(event) ? replay_.pass_over_capture() : replay_.feed(event);
    }
    replay_.feed(event);
    follower_->feed(event, number, window);
    lead_back();
  }
  void settle() override {
    replay_.flush();
    lead_back();
  }
  ReplayCounts& counts() override { return replay_.counts(); }

 private:
  /** At once: by the next call, its own refill would have been seen already. */
  void lead_back() {
    if (replay_.is_lost()) {
      follower_->lead_back();
      replay_.note_led_back();
    }
  }

  Memory& memory_;
  UntracedPages untraced_;
  RecordedSettings settings_;
  AllocsReplay replay_;
  std::optional<Ns> first_compaction_;
  std::optional<ListFollower> follower_;  // nothing: the recording has calls only
};

}  // namespace

ReplayOutcome replay_allocs(const ReplayRequest& request) {
  const Recording recording(request);
  const LeadBack lead_back = lead_back_for(request, recording);
  auto followed = start_following(lead_back, recording);
  ReplayDriver driver(recording, {"allocs", PcpLoad::lists, untraced_for(lead_back)});
  recording.require(EventKind::alloc, "mode allocs foretells the page of each, and needs mm_page_free as well");
  AllocsModel model(driver.memory(), recording, followed.valid() ? followed.get() : nullptr);
  return driver.run(model, request.on_progress);
}

}  // namespace gbsim
