// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/page_request.h"

#include <doctest/doctest.h>

#include "sim/allocator/page_allocator.h"

using namespace gbsim;

TEST_CASE("a request's flags decide the highest zone it may use") {
  CHECK(highest_zone(gfp::kKernel) == ZoneType::normal);
  CHECK(highest_zone(gfp::kHighuserMovable) == ZoneType::movable);
  CHECK(highest_zone(gfp::kKernel.with(Gfp::dma32)) == ZoneType::dma32);
  CHECK(highest_zone(gfp::kKernel.with(Gfp::dma)) == ZoneType::dma);
  CHECK(PageRequest{}.order == Order{0});
}
