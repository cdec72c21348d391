// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/list_follower.h"

#include "sim/replay/snapshot_memory.h"

namespace gbsim {

ListFollower::ListFollower(const Recording& recording, Memory& model)
    : tunables_(recording.tunables()),
      memory_(make_memory(recording.start(), tunables_, clock_, costs_, PcpLoad::allocated)),
      lock_step_(*memory_, lock_step_input(recording.survey())),
      pcps_(*memory_, model) {
  for (std::size_t i = 0; i < model.nr_zones(); ++i) {
    alignments_.emplace_back(model.zone(i), memory_->zone(i), pcps_);
  }
}

void ListFollower::feed(const TraceEvent& event, std::uint64_t number, const EventWindow& window) {
  lock_step_.feed(event, number, window);
  pcps_.feed(event, window.ahead(event.cpu));
}

void ListFollower::lead_back() {
  for (ZoneAlignment& alignment : alignments_) {
    alignment.run();
  }
}

}  // namespace gbsim
