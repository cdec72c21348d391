// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/allocs_mode.h"

#include "sim/replay/allocs_replay.h"
#include "sim/replay/replay_driver.h"

namespace gbsim {

namespace {

class AllocsModel final : public ReplayModel {
 public:
  AllocsModel(Memory& memory, const Recording& recording)
      : untraced_(recording.untraced()),
        replay_(memory, untraced_),
        first_compaction_(recording.survey().first_compaction) {}

  void feed(const TraceEvent& event, std::uint64_t /*number*/, const EventWindow& /*window*/) override {
    if (first_compaction_ && event.time >= *first_compaction_) {
      replay_.note_compaction();
    }
    replay_.feed(event);
  }
  void settle() override { replay_.flush(); }
  ReplayCounts& counts() override { return replay_.counts(); }

 private:
  UntracedPages untraced_;
  AllocsReplay replay_;
  std::optional<Ns> first_compaction_;
};

}  // namespace

ReplayOutcome replay_allocs(const ReplayRequest& request) {
  const Recording recording(request);
  ReplayDriver driver(recording, {"allocs", PcpLoad::lists, Untraced::left_out});
  AllocsModel model(driver.memory(), recording);
  return driver.run(model);
}

}  // namespace gbsim
