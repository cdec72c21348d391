// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/tracer.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "run_rig.h"
#include "sim/allocator/page_allocator.h"
#include "sim/engine/simulation.h"
#include "toy_zone.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

class TraceNotes : public Notebook {
 public:
  void on_trace(const TraceRecord& record) override { records.push_back(record); }
  std::vector<TraceRecord> records;
};

}  // namespace

TEST_CASE("records carry the time that was spent, and come in order of time whoever told them first") {
  SmallStage small(1);
  TraceNotes notes;
  WorkMeter meter(small.memory.costs());
  Tracer tracer(small.memory, notes, Ns{0}, [] { return std::string_view("a workload of a long name"); }, false);
  small.memory.set_meter(meter);
  tracer.workloads_run(CpuId{0});
  meter.charge_time(5ms);
  tracer.tracepoint(tracepoint::KswapdWanted{NodeId{0}, Order{0}, "GFP_KERNEL"});
  tracer.ran(2ms);
  tracer.daemon_runs("kswapd0", CpuId{0});
  meter.charge_time(1ms);
  tracer.tracepoint(tracepoint::KswapdSleep{NodeId{0}});
  tracer.flush();
  CHECK(notes.records.empty());
  tracer.finish();
  REQUIRE(notes.records.size() == 3);
  CHECK(std::get<TraceRan>(notes.records[0].what).end == 7ms);
  CHECK(notes.records[1].task.comm == "kswapd0");
  CHECK(notes.records[1].time == 1ms);
  CHECK(notes.records[2].task.comm == "a workload of a");
  CHECK(notes.records[2].time == 5ms);
}

TEST_CASE("nothing from before measured time is passed on, and nobody listens once the tracer is gone") {
  SmallStage small(1);
  TraceNotes notes;
  {
    Tracer tracer(small.memory, notes, 1s, [] { return std::string_view{}; }, false);
    CHECK(small.memory.tracepoints() == &tracer);
    tracer.workloads_run(CpuId{0});
    tracer.tracepoint(tracepoint::KswapdSleep{NodeId{0}});
    tracer.finish();
  }
  CHECK(notes.records.empty());
  CHECK(small.memory.tracepoints() == nullptr);
}

TEST_CASE("events of every page come only to a tracer that wants the frequent ones") {
  SmallStage small(1);
  for (const bool frequent : {false, true}) {
    TraceNotes notes;
    Tracer tracer(small.memory, notes, Ns{0}, [] { return std::string_view("churn"); }, frequent);
    tracer.workloads_run(CpuId{0});
    NoRelief relief;
    PageAllocator allocator(small.memory, relief);
    const auto pfn = allocator.alloc_pages(PageRequest{Order{0}, gfp::kUser, CpuId{0}, NodeId{0}});
    REQUIRE(pfn);
    small.memory.free_pages(*pfn, Order{0}, CpuId{0});
    tracer.finish();
    const auto is_free = [](const TraceRecord& record) {
      const auto* point = std::get_if<Tracepoint>(&record.what);
      return point != nullptr && std::holds_alternative<tracepoint::PageFree>(*point);
    };
    CHECK(std::ranges::count_if(notes.records, is_free) == (frequent ? 1 : 0));
    CHECK((small.memory.frequent_tracepoints() == &tracer) == frequent);
  }
}
