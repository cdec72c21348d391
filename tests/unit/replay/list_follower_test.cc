// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/list_follower.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "list_reader.h"
#include "toy_recording.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("a model is led to where the list events have taken the kernel") {
  KernelSnapshot start = toy_snapshot("UU", 1);
  add_free(start, 0, Migratetype::unmovable, {6, 2, 12});
  ToyRecording toy;
  toy.add("start", 10, start);
  toy.event(20, "mm_page_alloc_zone_locked", 2, "order=0 migratetype=0 cpu=0 percpu_refill=1");
  RecordingRequest request;
  request.trace = toy.trace();
  request.kernel = KernelVersion::v6_12;
  const Recording recording(request);
  ToyReplayWorld model(start, KernelVersion::v6_12, PcpLoad::lists);
  ListFollower follower(recording, ListFollower::make_followed(recording), *model.memory);
  ListReader reader({toy_event(EventKind::zone_locked, 2, 0, Migratetype::unmovable)});
  EventWindow window(reader);
  const TraceEvent removal = *window.next();
  follower.feed(removal, 0, window);
  CHECK_FALSE(follower.was_capture(removal));
  CHECK(listed(model.zone(), 0, Migratetype::unmovable) == "6 2 12");
  follower.lead_back();
  check_memory(*model.memory);
  CHECK(listed(model.zone(), 0, Migratetype::unmovable) == "6 12");
  CHECK(model.zone().pcp(CpuId{0}).count == 1);
}
