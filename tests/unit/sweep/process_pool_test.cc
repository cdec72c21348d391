// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/process_pool.h"

#include <doctest/doctest.h>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::read_text;
using gbsim::test::TempDir;

namespace {

ProcessJob shell(const TempDir& dir, std::size_t id, const std::string& script) {
  ProcessJob job;
  job.id = id;
  job.command = {"/bin/sh", "-c", script};
  job.log = dir.path() / std::to_string(id);
  return job;
}

ProcessEnd end_of(ProcessPool& pool) {
  for (int i = 0; i < 600; ++i) {
    if (const auto end = pool.wait(std::chrono::milliseconds(50))) {
      return *end;
    }
  }
  FAIL("no job ended");
  return {};
}

}  // namespace

TEST_CASE("a job's exit status and words are kept") {
  const TempDir dir;
  ProcessPool pool({.jobs = 1});
  pool.start(shell(dir, 7, "echo out; echo err >&2; exit 3"));
  const ProcessEnd end = end_of(pool);
  CHECK(end.id == 7);
  CHECK(end.fate == ProcessFate::exited);
  CHECK(end.code == 3);
  CHECK(read_text(dir.path() / "7") == "out\nerr\n");
  CHECK(pool.running() == 0);
}

TEST_CASE("a crash is a signal") {
  const TempDir dir;
  ProcessPool pool({.jobs = 1});
  pool.start(shell(dir, 1, "kill -SEGV $$"));
  const ProcessEnd end = end_of(pool);
  CHECK(end.fate == ProcessFate::signalled);
  CHECK(end.code == 11);
}

TEST_CASE("a job past its time is ended with its children") {
  const TempDir dir;
  ProcessPool pool({.jobs = 1});
  ProcessJob job = shell(dir, 1, "sleep 1000; true");
  job.timeout = std::chrono::milliseconds(20);
  pool.start(job);
  CHECK(end_of(pool).fate == ProcessFate::timed_out);
}

TEST_CASE("a job that holds more than it may is ended") {
  const TempDir dir;
  ProcessPool pool({.jobs = 1});
  ProcessJob job = shell(dir, 1, "sleep 1000");
  job.memory_limit = 4096;
  pool.start(job);
  CHECK(end_of(pool).fate == ProcessFate::over_memory_limit);
}

TEST_CASE("jobs that do not fit together are not started together, one alone always may") {
  const TempDir dir;
  ProcessPool pool({.jobs = 4, .memory = 1000});
  CHECK(pool.has_room(5000));
  ProcessJob job = shell(dir, 1, "sleep 1000");
  job.memory_estimate = 600;
  pool.start(job);
  CHECK(pool.has_room(400));
  CHECK(!pool.has_room(401));
  pool.kill_all();
  CHECK(pool.running() == 0);
}

TEST_CASE("no more jobs than allowed") {
  const TempDir dir;
  ProcessPool pool({.jobs = 1});
  pool.start(shell(dir, 1, "sleep 1000"));
  CHECK(!pool.has_room(0));
}

TEST_CASE("a program that is not there ends like a failed one") {
  const TempDir dir;
  ProcessPool pool({.jobs = 1});
  ProcessJob job = shell(dir, 1, "");
  job.command = {"/nonexistent/program"};
  pool.start(job);
  CHECK(end_of(pool).code == 127);
}
