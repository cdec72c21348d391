// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/ftrace_writer.h"

#include <doctest/doctest.h>

#include "sim/metrics/trace_budget.h"
#include "sim/metrics/trace_file.h"
#include "sim/metrics/trace_record.h"
#include "tests/support/temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;
using namespace std::chrono_literals;

namespace {

TraceRecord sleep_at(Ns time) {
  return {time, CpuId{1}, {"kcompactd0", 33, true}, Tracepoint{tracepoint::KcompactdSleep{NodeId{0}}}};
}

}  // namespace

TEST_CASE("a budget is released by hundredths of the run, and what is left stays for later") {
  TraceBudget budget(1000, 100s);
  CHECK(budget.spend(0s, 10));
  CHECK_FALSE(budget.spend(999ms, 1));
  CHECK(budget.spend(2s, 20));
  CHECK_FALSE(budget.spend(2s, 1));
  CHECK(budget.spend(200s, 970));
  CHECK_FALSE(budget.spend(200s, 1));
}

TEST_CASE("a trace file has all of its records once it is flushed") {
  const TempDir dir;
  TraceFile file(dir.path() / "trace.txt");
  file.add("one\n");
  file.add("two\n");
  file.flush();
  CHECK(read_text(dir.path() / "trace.txt") == "one\ntwo\n");
}

TEST_CASE("lines look as trace-cmd report prints them") {
  const TempDir dir;
  FtraceWriter writer(dir.path() / "trace.txt", 2, TraceBudget(1 << 20, 10s));
  writer.record(sleep_at(16508401us));
  writer.record({17s, CpuId{0}, {"slab", 100, false}, TraceRan{18s}});
  writer.flush();
  CHECK(read_text(dir.path() / "trace.txt") ==
        "cpus=2\n      kcompactd0-33    [001]    16.508401: mm_compaction_kcompactd_sleep: nid=0\n");
}

TEST_CASE("events without room are reported as dropped") {
  const TempDir dir;
  FtraceWriter writer(dir.path() / "trace.txt", 2, TraceBudget(20000, 100s));
  for (int i = 0; i < 4; ++i) {
    writer.record(sleep_at(1ms * i));
  }
  writer.record(sleep_at(50s));
  writer.flush();
  CHECK(read_text(dir.path() / "trace.txt").find("CPU:1 [2 EVENTS DROPPED]\n") != std::string::npos);
}
