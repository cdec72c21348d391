// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/workload_set.h"

#include <doctest/doctest.h>

#include <string>

#include "engine_fixture.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

FakeWorkload::Window write_to(std::string& text, char letter) {
  return [&text, letter](CpuId, Ns, Ns) { text += letter; };
}

}  // namespace

TEST_CASE("running workloads do their windows in the order they were added") {
  WorkloadSet set;
  std::string text;
  run_fake(set, "a", write_to(text, 'a'));
  run_fake(set, "b", write_to(text, 'b'));
  set.run(CpuId{0}, 0ms, 10ms);
  CHECK(text == "ab");
}

TEST_CASE("a stopped workload gets no windows until it is started again") {
  WorkloadSet set;
  std::string text;
  FakeWorkload& load = run_fake(set, "a", write_to(text, 'a'));
  CHECK(set.stop("a") == 1);
  CHECK(set.stop("a") == 0);
  CHECK_FALSE(set.any_running());
  set.run(CpuId{0}, 0ms, 10ms);
  CHECK(set.start("a") == 1);
  CHECK(set.start("a") == 0);
  set.run(CpuId{0}, 10ms, 20ms);
  CHECK(text == "a");
  CHECK(load.starts == 2);
  CHECK(load.stops == 1);
}

TEST_CASE("a group's name starts and stops all its parts") {
  WorkloadSet set;
  std::string text;
  run_fake(set, "web/skb", write_to(text, 's'));
  run_fake(set, "web/anon", write_to(text, 'n'));
  run_fake(set, "other", write_to(text, 'o'));
  CHECK(set.stop("web") == 2);
  set.run(CpuId{0}, 0ms, 10ms);
  CHECK(text == "o");
}

TEST_CASE("out of memory kills the largest process of all running workloads") {
  WorkloadSet set;
  std::string killed;
  const auto nothing = [](CpuId, Ns, Ns) {};
  FakeWorkload& small = run_fake(set, "small", nothing);
  FakeWorkload& large = run_fake(set, "large", nothing);
  small.process = NrPages{10};
  large.process = NrPages{1000};
  set.set_kill_listener([&](const Workload& victim, NrPages pages) {
    killed += victim.name() + " " + std::to_string(pages.value) + ";";
  });
  CHECK(set.largest() == NrPages{1000});
  set.kill_largest();
  CHECK(large.process == NrPages{});
  set.kill_largest();
  CHECK(set.largest() == NrPages{});
  set.kill_largest();
  CHECK(killed == "large 1000;small 10;");
}
