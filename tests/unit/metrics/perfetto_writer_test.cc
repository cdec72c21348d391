// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/perfetto_writer.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;
using namespace std::chrono_literals;
namespace tp = gbsim::tracepoint;

namespace {

const TraceTask kWorkload{"slab", 100, false};
const TraceTask kDaemon{"kcompactd0", 101, true};

/** Phases of the events on the track (@pid, @tid), in order of the file. */
std::string phases(const nlohmann::json& trace, int pid, int tid) {
  std::string text;
  for (const auto& event : trace) {
    if (event["pid"] == pid && event.value("tid", 0) == tid && event["ph"] != "M") {
      text += event["ph"].get<std::string>();
    }
  }
  return text;
}

struct Written {
  TempDir dir;
  PerfettoWriter writer;

  explicit Written(std::uint64_t limit = 1 << 20) : writer(dir.path() / "trace.json", 1, TraceBudget(limit, 10s)) {}
  nlohmann::json finish() {
    writer.finish(10s);
    return nlohmann::json::parse(read_text(dir.path() / "trace.json"));
  }
};

}  // namespace

TEST_CASE("a stall is a slice of its CPU, and what lies in it nests") {
  Written written;
  written.writer.record({1s, CpuId{0}, kWorkload, Tracepoint{tp::DirectCompactBegin{Order{9}, "GFP_KERNEL", 2}}});
  written.writer.record({1s, CpuId{0}, kWorkload, Tracepoint{tp::CompactZoneRun{}}});
  written.writer.record({2s, CpuId{0}, kWorkload, Tracepoint{tp::CompactZoneRun{{}, {}, {}, {}, false, "success"}}});
  written.writer.record({2s, CpuId{0}, kWorkload, Tracepoint{tp::DirectCompactEnd{"success"}}});
  CHECK(phases(written.finish(), 1, 1) == "BBEE");
}

TEST_CASE("units of work close together are one spell of a kernel thread, which waits for what is open in it") {
  Written written;
  written.writer.record({1000us, CpuId{0}, kDaemon, TraceRan{1500us}});
  written.writer.record({2000us, CpuId{0}, kDaemon, TraceRan{2500us}});
  written.writer.record({2100us, CpuId{0}, kDaemon, Tracepoint{tp::CompactZoneRun{}}});
  written.writer.record({9000us, CpuId{0}, kDaemon, TraceRan{9500us}});
  written.writer.record({9400us, CpuId{0}, kDaemon, Tracepoint{tp::CompactZoneRun{{}, {}, {}, {}, false, "complete"}}});
  written.writer.record({20ms, CpuId{0}, kDaemon, TraceRan{21ms}});
  CHECK(phases(written.finish(), 2, 1) == "BBEEBE");
}

TEST_CASE("an end whose beginning was not seen is left out, and what is open at the end is closed") {
  Written written;
  written.writer.record({1s, CpuId{0}, kWorkload, Tracepoint{tp::DirectReclaimEnd{NrPages{1}}}});
  written.writer.record({2s, CpuId{0}, kWorkload, Tracepoint{tp::DirectReclaimBegin{Order{0}, "GFP_KERNEL"}}});
  CHECK(phases(written.finish(), 1, 1) == "BE");
}

TEST_CASE("slices that find no room are left out whole and counted") {
  Written written(1);
  written.writer.record({1s, CpuId{0}, kWorkload, Tracepoint{tp::DirectReclaimBegin{Order{0}, "GFP_KERNEL"}}});
  written.writer.record({2s, CpuId{0}, kWorkload, Tracepoint{tp::DirectReclaimEnd{NrPages{1}}}});
  CHECK(phases(written.finish(), 1, 1).empty());
  CHECK(written.writer.dropped() == 1);
}
