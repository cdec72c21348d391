// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/host_memory.h"

#include <doctest/doctest.h>
#include <unistd.h>

using namespace gbsim;

TEST_CASE("the host says what it has") {
  CHECK(available_memory() > (1 << 20));
  CHECK(resident_memory(getpid()) > (1 << 20));
  CHECK(resident_memory(0x7fffffff) == 0);
  CHECK(oom_kills() >= 0);
}

TEST_CASE("an estimate is a guess until a run has ended, then the largest peak with room") {
  MemoryEstimate estimate;
  CHECK(estimate.of(std::uint64_t{256} << 30) > estimate.of(std::uint64_t{4} << 30));
  estimate.learn(std::uint64_t{4} << 30, 100'000'000);
  estimate.learn(std::uint64_t{4} << 30, 90'000'000);
  CHECK(estimate.of(std::uint64_t{4} << 30) == 110'000'000);
  CHECK(estimate.of(std::uint64_t{8} << 30) == MemoryEstimate{}.of(std::uint64_t{8} << 30));
}
