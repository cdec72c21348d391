// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/deed_queue.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine_fixture.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("deeds are done at their time, and those of one time in the order they were added") {
  SmallStage small(1);
  DeedQueue queue(small.stage, "operator");
  std::string done;
  std::vector<Ns> times;
  const auto deed = [&](char letter) {
    return [&, letter](CpuId) {
      done += letter;
      times.push_back(small.memory.clock().now);
    };
  };
  queue.add(30ms, deed('c'));
  queue.add(10ms, deed('a'));
  queue.add(10ms, deed('b'));
  small.stop_at(100ms);
  small.actors.run();
  CHECK(done == "abc");
  CHECK(times.front() == 10ms);
  CHECK(times.back() == 30ms);
}

TEST_CASE("a deed waits for the ones before it, and may add others") {
  SmallStage small(1);
  DeedQueue queue(small.stage, "operator");
  std::vector<Ns> times;
  const auto note = [&](CpuId) { times.push_back(small.memory.clock().now); };
  queue.add(10ms, [&](CpuId) {
    small.memory.meter().charge_time(50ms);
    queue.add(80ms, note);
  });
  queue.add(20ms, note);
  small.stop_at(100ms);
  small.actors.run();
  CHECK(times == std::vector<Ns>{60ms, 80ms});
  CHECK(queue.spent() == 50ms);
}
