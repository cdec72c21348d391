// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/sample.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a sample sums free blocks over zones") {
  Sample sample;
  sample.zones.resize(2);
  for (ZoneSample& zone : sample.zones) {
    zone.free = NrPages{6};
    zone.free_blocks = {{1, 1, 0, 0, 0, 0}, {0, 2, 0, 0, 0, 0}};
  }
  CHECK(sample.free_pages() == NrPages{12});
  CHECK(sample.nr_orders() == 2);
  CHECK(sample.free_blocks(Order{0}) == 4);
  CHECK(sample.free_blocks(Order{1}, Migratetype::movable) == 4);
}

TEST_CASE("whole gigablocks are those of all states together") {
  Sample sample;
  sample.gigablock_states = {1, 2, 3};
  CHECK(sample.whole_gigablocks() == 6);
  CHECK(sample.gigablocks_in(GigablockState::tainted) == 3);
  CHECK(name(GigablockState::tainted) == "tainted");
}
