// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/replay_modes.h"

#include <doctest/doctest.h>

#include "toy_recording.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("every mode runs under the name it is chosen by, and says what it does") {
  ToyRecording recording;
  recording.add("start", 10, toy_snapshot("MM"));
  recording.event(20, "mm_page_alloc_zone_locked", 8, "order=0 migratetype=1 percpu_refill=1");
  recording.event(21, "mm_page_alloc", 8, "order=0 migratetype=1 gfp_flags=GFP_KERNEL");
  ReplayRequest request;
  request.trace = recording.trace();
  for (const ReplayMode& mode : replay_modes()) {
    CHECK(mode.run(request).mode == mode.name);
    CHECK_FALSE(mode.meaning.empty());
  }
  CHECK(replay_modes().front().name == "lists");
}
