// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/recording.h"

#include <doctest/doctest.h>

#include <fstream>
#include <stdexcept>

#include "recordings.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/gbtrace.h"
#include "temp_dir.h"
#include "toy_recording.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

RecordingRequest request_for(const ToyRecording& recording) {
  RecordingRequest request;
  request.trace = recording.trace();
  return request;
}

/** Two frees, one before the snapshot. */
struct TwoFrees : ToyRecording {
  TwoFrees() {
    add("start", 10, toy_snapshot("MM"));
    event(5, "mm_page_free", 1, "order=0");
    event(20, "mm_page_free", 2, "order=0");
  }
};

}  // namespace

TEST_CASE("a recording starts from the snapshot beside it, and events before that lie outside") {
  const TwoFrees files;
  const Recording recording(request_for(files));
  CHECK(recording.start().label == "start");
  CHECK(recording.survey().count(EventKind::free) == 2);
  const auto events = recording.events();
  std::vector<TraceEvent> batch;
  events->next_batch(batch);
  REQUIRE(batch.size() == 2);
  CHECK_FALSE(recording.has_begun(batch[0]));
  CHECK(recording.has_begun(batch[1]));
  CHECK_FALSE(recording.is_over(batch[1]));
}

TEST_CASE("a recording is read as often as wished, by one reader at a time") {
  const TwoFrees files;
  const Recording recording(request_for(files));
  auto reader = recording.events();
  const auto events = read_all(*reader);
  CHECK(events.size() == 2);
  CHECK_THROWS_AS(recording.events(), std::logic_error);
  reader.reset();
  CHECK(same_events(read_all(*recording.events()), events));
}

TEST_CASE("a .gbtrace holds all of a recording") {
  TwoFrees files;
  std::filesystem::rename(files.trace(), files.dir() / "trace.dat");
  std::filesystem::create_directories(files.dir() / "machine/proc/sys/vm");
  std::ofstream(files.dir() / "machine/proc/sys/vm/watermark_boost_factor") << "0\n";
  const TempDir other;
  RecordingRequest request;
  request.trace = other.path() / "a.gbtrace";
  pack_gbtrace(files.dir(), request.trace);
  const Recording recording(request);
  CHECK(recording.start().label == "start");
  CHECK(recording.tunables().watermark_boost_factor == 0);
  CHECK(read_all(*recording.events()).size() == 2);
}

TEST_CASE("a replay may end early") {
  const TwoFrees files;
  RecordingRequest request = request_for(files);
  request.until = Ns{15'000};
  const Recording recording(request);
  TraceEvent late;
  late.time = Ns{16'000};
  CHECK(recording.is_over(late));
  CHECK(recording.remarks() == Recording(request_for(files)).remarks());
}

TEST_CASE("a replay that ends before it begins is remarked upon") {
  const TwoFrees files;
  RecordingRequest request = request_for(files);
  request.until = Ns{9'000};
  const Recording recording(request);
  CHECK(std::ranges::count(recording.remarks(),
                           "nothing is replayed: the recording's clock shows 10us at the start, after 9us, the time to "
                           "stop at") == 1);
}

TEST_CASE("a machine is set as the recorded one where that was kept, and readers of the result are told") {
  const TwoFrees files;
  CHECK(Recording(request_for(files)).tunables().watermark_boost_factor == Tunables().watermark_boost_factor);
  CHECK(Recording(request_for(files)).tunables().cpu_data_cache == std::uint64_t{2} << 20U);
  const auto vm = files.dir() / "machine/proc/sys/vm";
  std::filesystem::create_directories(vm);
  std::ofstream(vm / "watermark_boost_factor") << "0\n";
  const Recording recording(request_for(files));
  CHECK(recording.tunables().watermark_boost_factor == 0);
  CHECK(recording.remarks().back() == "set as on the recorded machine: vm.watermark_boost_factor 0");
}

TEST_CASE("without a snapshot there is no start, and the error says what to do") {
  ToyRecording files;
  files.event(5, "mm_page_free", 1, "order=0");
  std::filesystem::remove_all(files.dir() / "snaps");
  const Recording recording(request_for(files));
  CHECK(recording.snapshots() == nullptr);
  CHECK_THROWS_WITH_AS(recording.start(), doctest::Contains("--snapshot"), BadRecording);
}

TEST_CASE("the kernel is what was asked for, else what its release says, else the newest") {
  const TwoFrees files;
  CHECK(Recording(request_for(files)).kernel() == KernelVersion::v6_12);
  CHECK(Recording(request_for(files)).remarks().size() == 1);
  RecordingRequest request = request_for(files);
  request.kernel = KernelVersion::v6_1;
  CHECK(Recording(request).kernel() == KernelVersion::v6_1);
  CHECK(Recording(request).remarks().empty());
  CHECK(kernel_of_release("6.1.0-56-amd64") == KernelVersion::v6_1);
  CHECK(kernel_of_release("6.12.117+deb12-amd64") == KernelVersion::v6_12);
  CHECK(kernel_of_release("7.0") == KernelVersion::v6_12);
  CHECK_FALSE(kernel_of_release("none"));
}
