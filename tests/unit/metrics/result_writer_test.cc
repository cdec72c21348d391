// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/result_writer.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "fake_run.h"
#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::FakeRun;
using gbsim::test::read_text;
using gbsim::test::TempDir;
namespace fs = std::filesystem;

namespace {

constexpr std::array kFiles{"scenario.yaml",    "summary.json",   "timeseries.csv", "vmstat.csv", "buddyinfo.txt",
                            "pagetypeinfo.txt", "gigablocks.csv", "latency.csv",    "events.csv", "pageblocks.bin"};

std::ptrdiff_t lines(const fs::path& path) {
  return std::ranges::count(read_text(path), '\n');
}

/** Writes @samples samples and dies by SIGKILL with nothing closed. */
void write_and_die(const fs::path& dir, unsigned samples) {
  const pid_t child = fork();
  if (child == 0) {
    ResultWriter writer(dir, test::fake_identity({}), "name: x\n");
    writer.begin(test::fake_sample({}, 0));
    for (unsigned at = 0; at < samples; ++at) {
      writer.sample(test::fake_sample({}, at));
    }
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("a finished run has every file of the contract") {
  const TempDir dir;
  test::write_fake_run({}, dir.path());
  for (const char* file : kFiles) {
    CAPTURE(file);
    CHECK(fs::file_size(dir.path() / file) > 0);
  }
  CHECK(lines(dir.path() / "timeseries.csv") == 21);
  CHECK(lines(dir.path() / "vmstat.csv") == 21);
  CHECK(lines(dir.path() / "gigablocks.csv") == 1 + 20 * 16);
}

TEST_CASE("the same run gives the same bytes, another seed does not") {
  const TempDir a, b, c;
  test::write_fake_run({}, a.path());
  test::write_fake_run({}, b.path());
  test::write_fake_run({.seed = 2}, c.path());
  for (const char* file : kFiles) {
    CAPTURE(file);
    CHECK(read_text(a.path() / file) == read_text(b.path() / file));
  }
  CHECK(read_text(a.path() / "gigablocks.csv") != read_text(c.path() / "gigablocks.csv"));
}

TEST_CASE("a killed run leaves every completed sample readable") {
  const TempDir dir;
  write_and_die(dir.path(), 3);
  CHECK(lines(dir.path() / "timeseries.csv") == 4);
  CHECK(read_text(dir.path() / "timeseries.csv").back() == '\n');
  CHECK(lines(dir.path() / "gigablocks.csv") == 1 + 3 * 16);
  CHECK(read_text(dir.path() / "scenario.yaml") == "name: x\n");
  CHECK_FALSE(fs::exists(dir.path() / "summary.json"));
}

TEST_CASE("a run killed in its warm-up leaves tables with their headers and no rows") {
  const TempDir dir;
  write_and_die(dir.path(), 0);
  for (const char* file : {"timeseries.csv", "vmstat.csv", "gigablocks.csv", "events.csv"}) {
    CAPTURE(file);
    CHECK(lines(dir.path() / file) == 1);
    CHECK(read_text(dir.path() / file).starts_with("time_s,"));
  }
}

TEST_CASE("the header is that of the samples, whoever writes it") {
  const TempDir early, late;
  ResultWriter first(early.path(), {}, ""), second(late.path(), {}, "");
  first.begin(test::fake_sample({}, 0));
  first.sample(test::fake_sample({}, 1));
  second.sample(test::fake_sample({}, 1));
  for (const char* file : {"timeseries.csv", "vmstat.csv"}) {
    CHECK(read_text(early.path() / file) == read_text(late.path() / file));
  }
}

TEST_CASE("a gigablock that becomes tainted is an event") {
  const TempDir dir;
  ResultWriter writer(dir.path(), {}, "");
  Sample sample = test::fake_sample({}, 0);
  writer.sample(sample);
  GigablockSample& g = sample.gigablocks[5];
  g.unmovable = 1;
  g.state = GigablockState::tainted;
  sample.time = Ns{10'000'000'000};
  writer.sample(sample);
  CHECK(read_text(dir.path() / "events.csv").find("10,taint,5,,,free ") != std::string::npos);
}

TEST_CASE("snapshots are headed by their time") {
  const TempDir dir;
  ResultWriter writer(dir.path(), {}, "");
  writer.snapshot(test::fake_sample({}, 1));
  writer.snapshot(test::fake_sample({}, 2));
  CHECK(read_text(dir.path() / "buddyinfo.txt").starts_with("# time_s 10\nNode 0, zone      DMA "));
  CHECK(read_text(dir.path() / "pagetypeinfo.txt").starts_with("# time_s 10\nPage block order: 9\n"));
  CHECK(read_text(dir.path() / "buddyinfo.txt").find("\n# time_s 20\n") != std::string::npos);
}

TEST_CASE("the first and the last sample are snapshots of their own") {
  const TempDir dir;
  test::write_fake_run({}, dir.path());
  const std::string text = read_text(dir.path() / "buddyinfo.txt");
  CHECK(text.starts_with("# time_s 0\n"));
  CHECK(text.find("\n# time_s 190\n") != std::string::npos);
  CHECK(text.find("# time_s 190", text.find("# time_s 190") + 1) == std::string::npos);
}

TEST_CASE("a run interrupted during its warm-up has a summary without counts") {
  const TempDir dir;
  ResultWriter writer(dir.path(), test::fake_identity({}), "");
  writer.finish({.outcome = "interrupted"});
  CHECK(read_text(dir.path() / "summary.json").find("\"page_allocs\": 0") != std::string::npos);
}

TEST_CASE("an interrupted run says so in its summary") {
  const TempDir dir;
  ResultWriter writer(dir.path(), {}, "");
  writer.sample(test::fake_sample({}, 0));
  writer.finish({.outcome = "interrupted"});
  CHECK(read_text(dir.path() / "summary.json").find("\"outcome\": \"interrupted\"") != std::string::npos);
}
