// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/stranded.h"

#include <doctest/doctest.h>

#include <vector>

using namespace gbsim;

namespace {

GigablockSample tainted(std::uint32_t unmovable, std::uint32_t movable, std::uint32_t reclaimable) {
  GigablockSample g;
  g.state = GigablockState::tainted;
  g.free_labelled = {unmovable, movable, reclaimable};
  g.free_pageblocks = 1;
  return g;
}

}  // namespace

TEST_CASE("free memory of tainted gigablocks is summed by list, clean and partial ones left out") {
  std::vector<GigablockSample> all{tainted(10, 20, 30), tainted(1, 2, 3), tainted(100, 100, 100), tainted(7, 7, 7)};
  all[2].state = GigablockState::clean;
  all[3].whole = false;
  const StrandedMemory stranded = stranded_memory(all);
  CHECK(stranded.gigablocks == 2);
  CHECK(stranded.free_pageblocks == 2);
  CHECK(stranded.free_unmovable == 11);
  CHECK(stranded.free_movable == 22);
  CHECK(stranded.free_reclaimable == 33);
  CHECK(stranded.most_without_reclaimable == 0);
}

TEST_CASE("memory stranded on one list is that of the worst gigablock") {
  const std::vector<GigablockSample> all{tainted(5, 20, 0), tainted(0, 18, 0), tainted(0, 90, 1)};
  CHECK(stranded_memory(all).most_without_reclaimable == 25);
  CHECK(stranded_memory(all).most_movable_only == 18);
}
