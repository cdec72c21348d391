// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/gfp.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>
#include <vector>

using namespace gbsim;

TEST_CASE("the migratetype follows the mobility flags, movable first") {
  CHECK(gfp::kKernel.migratetype() == Migratetype::unmovable);
  CHECK(gfp::kKernel.with(Gfp::reclaimable).migratetype() == Migratetype::reclaimable);
  CHECK(gfp::kHighuserMovable.migratetype() == Migratetype::movable);
  CHECK(gfp::kHighuserMovable.with(Gfp::reclaimable).migratetype() == Migratetype::movable);
}

TEST_CASE("every shape is found by its name, and names are unique") {
  std::vector<std::string_view> names;
  for (const GfpShape& shape : kGfpShapes) {
    CHECK(gfp_shape(shape.name) == shape.gfp);
    names.push_back(shape.name);
  }
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
  CHECK_FALSE(gfp_shape("kernel"));
}

TEST_CASE("shapes wait, wake kswapd and use the reserves as the kernel's do") {
  CHECK(gfp::kKernel.may_block());
  CHECK_FALSE(gfp::kAtomic.may_block());
  CHECK(gfp::kAtomic.has(Gfp::high));
  CHECK(gfp::kAtomic.has(Gfp::kswapd_reclaim));
  CHECK_FALSE(gfp::kNofs.has(Gfp::fs));
  CHECK(gfp::kNofs.has(Gfp::io));
  CHECK_FALSE(gfp::kNoio.has(Gfp::io));
  CHECK_FALSE(gfp::kTranshugeLight.may_block());
  CHECK_FALSE(gfp::kTranshugeLight.has(Gfp::kswapd_reclaim));
  CHECK(gfp::kTranshuge.may_block());
  CHECK_FALSE(gfp::kTranshuge.has(Gfp::kswapd_reclaim));
  CHECK_FALSE(gfp::kSkbFrag.may_block());
  CHECK(gfp::kSkbFrag.has(Gfp::kswapd_reclaim));
}
