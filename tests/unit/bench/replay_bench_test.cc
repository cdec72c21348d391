// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/replay_bench.h"

#include <doctest/doctest.h>

#include "recordings.h"
#include "sim/recording/gbtrace.h"
#include "sim/recording/open_trace.h"
#include "sim/recording/pgt_reader.h"
#include "sim/replay/replay_modes.h"
#include "temp_dir.h"
#include "toy_recording.h"
#include "toy_snapshot.h"

using namespace gbsim;

TEST_CASE("the synthetic recording reads as so many allocs and frees, and its row counts them") {
  const test::TempDir dir;
  const auto file = dir.path() / "synthetic.pgt";
  write_synthetic_pgt(file, 1);
  PgtReader reader(file);
  const auto events = test::read_all(reader);
  CHECK(events.size() == PgtReader::kMaxRecords);
  CHECK(std::ranges::all_of(events, [](const TraceEvent& event) { return event.kind <= EventKind::free; }));
  const BenchRow row = measure_reading(file);
  CHECK(row.name == "replay/synthetic.pgt");
  CHECK(row.operations_per_second > 0);
}

TEST_CASE("a recording is measured in the modes it has what they need for") {
  const test::TempDir dir;
  const auto file = dir.path() / "synthetic.pgt";
  write_synthetic_pgt(file, 1);
  const ReplayMode& lists = replay_modes().front();
  CHECK_FALSE(measure_mode(file, lists));
  const auto row = measure_mode(std::string(GBSIM_TEST_DATA) + "/recordings/H3-6.12/events.pgt.xz", lists);
  REQUIRE(row);
  CHECK(row->name == "replay/events.pgt.xz/lists");
  CHECK(row->operations_per_second > 0);
}

TEST_CASE("a trace.dat is measured as read and as replayed, from an archive too") {
  test::ToyRecording files;
  files.add("start", 10, test::toy_snapshot("MM"));
  std::filesystem::copy_file(test::recording("small-v7-zstd.dat"), files.dir() / "trace.dat");
  const test::TempDir other;
  const auto archive = other.path() / "small.gbtrace";
  pack_gbtrace(files.dir(), archive);
  CHECK(measure_reading(archive).name == "replay/small.gbtrace");
  const ReplayMode& allocs = replay_modes().back();
  for (const auto& trace : {files.dir() / "trace.dat", archive}) {
    const auto row = measure_mode(trace, allocs);
    REQUIRE(row);
    CHECK(row->name == "replay/" + trace.filename().string() + "/allocs");
    CHECK(row->operations_per_second > 0);
  }
}
