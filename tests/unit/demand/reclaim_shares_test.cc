// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/reclaim_shares.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

TEST_CASE("of what dies in a stretch reclaim took as much as its share says") {
  ReclaimShares shares;
  shares.add(ms(10'000), 0.25);
  shares.add(ms(20'000), 0);
  shares.add(ms(30'000), 1.7);
  int taken[4]{};
  for (int i = 0; i < 40'000; ++i) {
    taken[i / 10'000] += shares.took(ms(i) + Ns{1}) ? 1 : 0;
  }
  CHECK(taken[0] == doctest::Approx(2500).epsilon(0.05));
  CHECK(taken[1] == 0);
  CHECK(taken[2] == 10'000);
  CHECK(taken[3] == 0);
}

TEST_CASE("what dies within a millisecond dies of one cause, and what outlives the recording of none") {
  ReclaimShares shares;
  shares.add(ms(1000), 0.5);
  for (int i = 0; i < 900; ++i) {
    CHECK(shares.took(ms(i)) == shares.took(ms(i) + Ns{999'999}));
  }
  CHECK_FALSE(shares.took(Ns::max()));
  CHECK_FALSE(ReclaimShares().took(ms(1)));
}

TEST_CASE("vmstat says how many pages reclaim took from files and processes, older kernels how many went to swap") {
  const auto now =
      pages_reclaimed("nr_free_pages 5\npgsteal_kswapd 70\npgsteal_direct 7\npgsteal_anon 30\npgsteal_file 47\n");
  REQUIRE(now);
  CHECK(now->file == 47);
  CHECK(now->anon == 30);
  CHECK(now->drops == 0);
  const auto before = pages_reclaimed("pswpout 20\npgsteal_kswapd 70\npgsteal_direct 7\n");
  REQUIRE(before);
  CHECK(before->file == 57);
  CHECK(before->anon == 20);
  CHECK(pages_reclaimed("pgsteal_anon 1\npgsteal_file 2\ndrop_pagecache 3\ndrop_slab 4\n")->drops == 3);
  CHECK_FALSE(pages_reclaimed("nr_free_pages 5\n").has_value());
  CHECK_FALSE(pages_reclaimed("").has_value());
}
