// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/recording_options.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace gbsim::cli {
namespace {

const std::string kAnyFile = GBSIM_TEST_DATA "/small-v7.dat";

RecordingRequest request_of(const std::vector<std::string>& words) {
  OptionParser options("replay", "TRACE");
  add_recording_options(options, "of a test");
  options.parse(words);
  return recording_request(options);
}

TEST_CASE("a recording is taken with the files beside it and the rules it tells unless asked otherwise") {
  const RecordingRequest plain = request_of({kAnyFile});
  CHECK(plain.trace == kAnyFile);
  CHECK(plain.uses_aux);
  CHECK(plain.seed == 1);
  CHECK_FALSE(plain.kernel);
  CHECK_FALSE(plain.snapshots);
  CHECK_FALSE(request_of({kAnyFile, "--kernel", "auto"}).kernel);
}

TEST_CASE("what is asked for is what the replay gets") {
  const RecordingRequest asked =
      request_of({"--kernel", "6.1", "--no-aux", "--seed", "7", "--snapshot", "snaps.tar", kAnyFile});
  CHECK(asked.kernel == KernelVersion::v6_1);
  CHECK_FALSE(asked.uses_aux);
  CHECK(asked.seed == 7);
  CHECK(asked.snapshots == std::filesystem::path("snaps.tar"));
}

TEST_CASE("a kernel without rules, a seed that is none and a file that is not there are usage errors") {
  CHECK_THROWS_WITH_AS(request_of({kAnyFile, "--kernel", "5.4"}), "--kernel 5.4: 6.1, 6.12 or auto allowed",
                       UsageError);
  CHECK_THROWS_AS(request_of({kAnyFile, "--seed", "-1"}), UsageError);
  CHECK_THROWS_WITH_AS(request_of({"/none.dat"}), "/none.dat: no such file", UsageError);
}

TEST_CASE("a recording is called by its file, or by its directory where files are called the same everywhere") {
  CHECK(recording_name("/some/server.gbtrace") == "server");
  CHECK(recording_name("/some/trace-v7.dat.xz") == "trace-v7");
  CHECK(recording_name("/runs/W2-6.1/events.pgt.xz") == "W2-6.1");
  CHECK(recording_name("/runs/mine/trace.dat") == "mine");
}

}  // namespace
}  // namespace gbsim::cli
