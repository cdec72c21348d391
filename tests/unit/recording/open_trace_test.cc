// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/open_trace.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "recordings.h"
#include "sim/recording/gbtrace.h"
#include "temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;
namespace fs = std::filesystem;

namespace {

void check_rewinding(const fs::path& trace) {
  CAPTURE(trace);
  const auto reader = open_trace(trace);
  const auto events = read_all(*reader);
  const auto counts = reader->oddities().counts();
  CHECK_FALSE(events.empty());
  reader->rewind();
  CHECK(same_events(read_all(*reader), events));
  CHECK(reader->oddities().counts() == counts);
  reader->rewind();
  std::vector<TraceEvent> some;
  reader->next_batch(some);
  reader->rewind();
  CHECK(same_events(read_all(*reader), events));
  CHECK(reader->oddities().counts() == counts);
}

}  // namespace

TEST_CASE("a trace of any format is read again from its first event, from its end or midway, and counted anew") {
  for (const char* name : {"small-v6.dat", "small-v7.dat", "small-v7-zstd.dat", "small-report.txt.xz",
                           "recordings/H3-6.12/events.pgt.xz"}) {
    check_rewinding(recording(name));
  }
}

TEST_CASE("a trace in a .gbtrace is read again without unpacking it again") {
  const TempDir dir;
  fs::create_directories(dir.path() / "in");
  fs::copy_file(recording("small-v7-zstd.dat"), dir.path() / "in/trace.dat");
  pack_gbtrace(dir.path() / "in", dir.path() / "a.gbtrace");
  const auto reader = open_trace(dir.path() / "a.gbtrace");
  fs::remove(dir.path() / "a.gbtrace");
  const auto events = read_all(*reader);
  reader->rewind();
  CHECK(same_events(read_all(*reader), events));
}
