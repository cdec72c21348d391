// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/pressure.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;

namespace {

/** Relief that can do nothing, and says what a node could still free. */
class NoRelief : public PressureRelief {
 public:
  void wake_kswapd(Zone&, const PageRequest&) override {}
  void wake_kcompactd(NodeId, Order) override {}
  NrPages direct_reclaim(const PageRequest&) override { return {}; }
  CompactOutcome direct_compact(const PageRequest&, CompactPriority) override { return CompactOutcome::skipped; }
  bool oom_kill(const PageRequest&) override { return false; }
  NrPages reclaimable_pages(NodeId) const override { return NrPages{17}; }
};

}  // namespace

TEST_CASE("who does not know zones answers for the node, keeps no block and is never relieving itself") {
  test::ToyZone toy(test::ToySpec{1});
  NoRelief relief;
  CHECK(relief.reclaimable_in(toy.zone()) == NrPages{17});
  CHECK_FALSE(relief.take_captured());
  CHECK_FALSE(relief.is_relieving());
}
