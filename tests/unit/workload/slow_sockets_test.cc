// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/slow_sockets.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a socket's queue grows to its buffer and no further, until it is read") {
  RandomStream stream(1, "test");
  SlowSockets sockets;
  sockets.open(2, QuickLaw(*parse_law("fixed 10000")), stream);
  CHECK(sockets.push(0, 1, 6000));
  CHECK(sockets.push(0, 2, 4000));
  CHECK_FALSE(sockets.push(0, 3, 1));
  CHECK(sockets.push(1, 4, 10'000));
  CHECK(sockets.queued(0) == 10'000);
  std::vector<Packet> read;
  sockets.read(0, [&](Packet packet) { read.push_back(packet); });
  CHECK(read == std::vector<Packet>{1, 2});
  CHECK(sockets.queued(0) == 0);
  CHECK(sockets.push(0, 3, 10'000));
}
