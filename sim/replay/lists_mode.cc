// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/lists_mode.h"

#include "sim/replay/lock_step.h"
#include "sim/replay/replay_driver.h"

namespace gbsim {

namespace {

class ListsModel final : public ReplayModel {
 public:
  ListsModel(Memory& memory, const Recording& recording) : lock_step_(memory, lock_step_input(recording.survey())) {}

  void feed(const TraceEvent& event, std::uint64_t number, const EventWindow& window) override {
    lock_step_.feed(event, number, lock_step_.looks_ahead(event) ? window.ahead(event.cpu) : nullptr);
  }
  void settle() override { lock_step_.settle(); }
  ReplayCounts& counts() override { return lock_step_.counts(); }

 private:
  LockStep lock_step_;
};

}  // namespace

ReplayOutcome replay_lists(const ReplayRequest& request) {
  const Recording recording(request);
  ReplayDriver driver(recording, {"lists", PcpLoad::allocated, Untraced::as_allocations});
  recording.require(EventKind::zone_locked,
                    "mode lists follows the free lists and needs them; mode allocs does without");
  ListsModel model(driver.memory(), recording);
  return driver.run(model, request.on_progress);
}

}  // namespace gbsim
