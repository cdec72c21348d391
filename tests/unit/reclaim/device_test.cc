// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/device.h"

#include <doctest/doctest.h>

using namespace gbsim;
using namespace std::chrono_literals;

TEST_CASE("a request takes its transfer time and the latency") {
  Device device(4096.0 * 1000, 100us);
  CHECK(device.submit(0ns, NrPages{2}) == 2ms + 100us);
}

TEST_CASE("requests queue behind each other, latencies overlap") {
  Device device(4096.0 * 1000, 100us);
  device.submit(0ns, NrPages{2});
  CHECK(device.submit(1ms, NrPages{1}) == 3ms + 100us);
  CHECK(device.backlog(1ms) == 2ms);
  CHECK(device.backlog(5ms) == 0ns);
}
