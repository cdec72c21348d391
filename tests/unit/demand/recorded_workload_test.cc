// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/recorded_workload.h"

#include <doctest/doctest.h>

#include "../workload/workload_rig.h"
#include "demand_rig.h"

using namespace gbsim;
using test::alloc;
using test::freed;
using test::ms;

namespace {

RecordingWithMoments recording_of(std::initializer_list<TraceEvent> events) {
  RecordingWithMoments recording;
  recording.demand = test::demand_of(events);
  recording.old.dying.assign(recording.demand.old_blocks.size(), Migratetype::movable);
  return recording;
}

}  // namespace

TEST_CASE("recorded allocations come and go at their times, of their orders and types") {
  test::Rig rig;
  const auto recording =
      recording_of({alloc(ms(0), 16, 4, Migratetype::movable), alloc(ms(1), 3), freed(ms(5), 16, 4)});
  DemandOutcome outcome;
  RecordedWorkload workload(recording, rig.host, outcome);
  const std::uint64_t before = rig.allocated();
  workload.start();
  workload.run(CpuId{0}, ms(0), ms(2));
  CHECK(rig.allocated() == before + 17);
  workload.run(CpuId{1}, ms(2), ms(6));
  CHECK(rig.allocated() == before + 1);
  CHECK(outcome.allocations == 2);
  CHECK(outcome.frees == 1);
  CHECK(outcome.refused.empty());
  workload.stop();
  CHECK(rig.allocated() == before);
}

TEST_CASE("what was there before is there at the start, and old blocks die as recorded") {
  test::Rig rig;
  RecordingWithMoments recording = recording_of({freed(ms(0), 9), freed(ms(4), 32, 3)});
  recording.old.stays = {NrPages{100}, NrPages{50}, NrPages{}};
  DemandOutcome outcome;
  RecordedWorkload workload(recording, rig.host, outcome);
  const std::uint64_t before = rig.allocated();
  workload.start();
  CHECK(rig.allocated() == before + 159);
  workload.run(CpuId{0}, ms(0), ms(5));
  CHECK(rig.allocated() == before + 150);
  workload.stop();
  check_memory(rig.memory);
}

TEST_CASE("what was due before the end and no CPU came to is counted") {
  test::Rig rig;
  const auto recording = recording_of({alloc(ms(0), 1), alloc(ms(3), 2), alloc(ms(4), 3), alloc(ms(9), 4)});
  DemandOutcome outcome;
  RecordedWorkload workload(recording, rig.host, outcome);
  workload.start();
  workload.run(CpuId{0}, ms(0), ms(2));
  workload.count_never_asked(ms(9));
  CHECK(outcome.allocations == 1);
  CHECK(outcome.never_asked == 2);
}

TEST_CASE("a refused request is counted by order and not there, and its recorded free does nothing") {
  test::Rig rig;
  rig.fragment(200);
  const auto recording = recording_of({alloc(ms(0), 64, 6), freed(ms(1), 64, 6)});
  DemandOutcome outcome;
  RecordedWorkload workload(recording, rig.host, outcome);
  workload.run(CpuId{0}, ms(0), ms(2));
  CHECK(outcome.refused.at(6) == 1);
  CHECK(outcome.refused_pages == NrPages{64});
  CHECK(outcome.frees == 0);
}

TEST_CASE("1 GiB pages take their turn among the other allocations") {
  test::Rig rig(3072);
  RecordingWithMoments recording = recording_of({alloc(ms(0), 16), freed(ms(5), 16)});
  recording.demand.gigantic.push_back({Pfn{1 << 18}, ms(2), ms(4), 0});
  DemandOutcome outcome;
  RecordedWorkload workload(recording, rig.host, outcome);
  const std::uint64_t before = rig.allocated();
  workload.run(CpuId{0}, ms(0), ms(3));
  CHECK(rig.allocated() == before + 1 + (1 << 18));
  workload.run(CpuId{0}, ms(3), ms(5));
  CHECK(rig.allocated() == before + 1);
  workload.stop();
  CHECK(rig.allocated() == before);
  CHECK(outcome.frees == 2);
}

TEST_CASE("a block that is split meanwhile dies in all its parts") {
  test::Rig rig;
  const auto recording = recording_of({alloc(ms(0), 16, 4, Migratetype::movable), freed(ms(5), 16, 4)});
  DemandOutcome outcome;
  RecordedWorkload workload(recording, rig.host, outcome);
  const std::uint64_t before = rig.allocated();
  workload.run(CpuId{0}, ms(0), ms(1));
  rig.memory.split_folio(FolioId{0});
  CHECK(rig.allocated() == before + 16);
  workload.run(CpuId{0}, ms(1), ms(6));
  CHECK(rig.allocated() == before);
  CHECK(outcome.frees == 1);
  check_memory(rig.memory);
}

TEST_CASE("a single page asked for without effort is asked for again in earnest") {
  test::Rig rig;
  TraceEvent lazy = alloc(ms(0), 64);
  lazy.gfp = 0x10000;  // __GFP_NORETRY alone: it may neither wait nor wake anybody
  const auto recording = recording_of({lazy});
  const FolioUse use{.owner = OwnerId{0}};
  while (rig.allocator.alloc_folio({Order{0}, Gfp{Gfp::movable | Gfp::highmem}, CpuId{0}, NodeId{0}}, use)) {
  }
  DemandOutcome outcome;
  RecordedWorkload workload(recording, rig.host, outcome);
  workload.run(CpuId{0}, ms(0), ms(1));
  CHECK(outcome.allocations == 1);
  CHECK(outcome.repeated == 1);
  CHECK(outcome.refused.at(0) == 1);
}

TEST_CASE("on a machine with fewer CPUs each serves several of the recorded ones") {
  test::Rig rig;
  TraceEvent event = alloc(ms(0), 3);
  event.cpu = 300;
  const auto recording = recording_of({event, freed(ms(1), 3)});
  DemandOutcome outcome;
  RecordedWorkload workload(recording, rig.host, outcome);
  workload.run(CpuId{0}, ms(0), ms(2));
  CHECK(outcome.frees == 1);
  check_memory(rig.memory);
}

TEST_CASE("compaction may move metadata of files, and nothing else that is unmovable") {
  test::Rig rig;
  TraceEvent metadata = alloc(ms(0), 64);
  metadata.gfp = 0x8c40;  // GFP_NOFS|__GFP_NOFAIL
  const auto recording = recording_of({metadata, alloc(ms(0), 65)});
  DemandOutcome outcome;
  RecordedWorkload workload(recording, rig.host, outcome);
  workload.run(CpuId{0}, ms(0), ms(1));
  CHECK(rig.memory.folios()[FolioId{0}].has(kMigratable));
  CHECK_FALSE(rig.memory.folios()[FolioId{1}].has(kMigratable));
  workload.stop();
  check_memory(rig.memory);
}
