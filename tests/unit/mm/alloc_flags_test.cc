// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/alloc_flags.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("the watermark of an allocation pass survives adding and removing flags") {
  const AllocFlags flags{Watermark::low, AllocFlags::nofragment};
  CHECK(flags.with(AllocFlags::kswapd).watermark() == Watermark::low);
  CHECK(flags.without(AllocFlags::nofragment) == AllocFlags{Watermark::low});
}

TEST_CASE("only ways below the min watermark count as reserves") {
  CHECK_FALSE(AllocFlags{Watermark::min, AllocFlags::kswapd | AllocFlags::cma}.any_reserve());
  CHECK(AllocFlags{Watermark::min, AllocFlags::non_block}.any_reserve());
  CHECK(AllocFlags{Watermark::min, AllocFlags::highatomic}.any_reserve());
}
