// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/tracer.h"

#include <doctest/doctest.h>

#include "run_rig.h"
#include "sim/engine/simulation.h"

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
  Tracer tracer(small.memory, notes, Ns{0}, [] { return std::string_view("a workload of a long name"); });
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
    Tracer tracer(small.memory, notes, 1s, [] { return std::string_view{}; });
    CHECK(small.memory.tracepoints() == &tracer);
    tracer.workloads_run(CpuId{0});
    tracer.tracepoint(tracepoint::KswapdSleep{NodeId{0}});
    tracer.finish();
  }
  CHECK(notes.records.empty());
  CHECK(small.memory.tracepoints() == nullptr);
}
