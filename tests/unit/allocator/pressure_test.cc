// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/pressure.h"

#include <doctest/doctest.h>

#include "sim/allocator/idle_relief.h"
#include "toy_zone.h"

using namespace gbsim;

namespace {

/** Relief that can do nothing, and says what a node could still free. */
class NoRelief : public IdleRelief {
 public:
  NrPages reclaimable_pages(NodeId) const override { return NrPages{17}; }
};

}  // namespace

TEST_CASE("idle relief frees nothing, compacts nothing and kills nobody") {
  test::ToyZone toy(test::ToySpec{1});
  IdleRelief relief;
  const PageRequest request{Order{0}, gfp::kKernel, CpuId{}, NodeId{}};
  relief.wake_kswapd(toy.zone(), request);
  CHECK(relief.direct_reclaim(request) == NrPages{});
  CHECK(relief.direct_compact(request, CompactPriority::async) == CompactOutcome::skipped);
  CHECK_FALSE(relief.oom_kill(request));
  CHECK(relief.reclaimable_pages(NodeId{}) == NrPages{});
}

TEST_CASE("who does not know zones answers for the node, keeps no block and is never relieving itself") {
  test::ToyZone toy(test::ToySpec{1});
  NoRelief relief;
  CHECK(relief.reclaimable_in(toy.zone()) == NrPages{17});
  CHECK_FALSE(relief.take_captured());
  CHECK_FALSE(relief.is_relieving());
}
