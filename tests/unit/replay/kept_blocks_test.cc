// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/kept_blocks.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;
constexpr auto kH = Migratetype::highatomic;
constexpr std::uint32_t kGfpAtomic = 0x820;  // __GFP_HIGH | __GFP_KSWAPD_RECLAIM
constexpr std::uint32_t kGfpKernel = 0xcc0;

struct Kept {
  Kept() : world(snapshot()) {}
  static KernelSnapshot snapshot() {
    KernelSnapshot snapshot = toy_snapshot("MM");
    add_free(snapshot, 0, kM, {1, 3, 9});
    return snapshot;
  }
  Zone& zone() { return world.zone(); }
  void alloc(unsigned order, std::uint32_t gfp) {
    TraceEvent event = toy_event(EventKind::alloc, 6, order, kM);
    event.gfp = gfp;
    blocks.note_alloc(event, zone());
  }

  ToyReplayWorld world;
  KeptBlocks blocks;
};

}  // namespace

TEST_CASE("pages that return as part of the atomic reserve take their pageblock's free pages along") {
  Kept kept;
  CHECK(KeptBlocks::note_return(kept.zone(), toy_page(5), kH));
  CHECK(listed(kept.zone(), 0, kH) == "1 3");
  CHECK(kept.zone().pageblock(toy_page(5)).type == kH);
  CHECK_FALSE(KeptBlocks::note_return(kept.zone(), toy_page(5), kH));
  CHECK_FALSE(KeptBlocks::note_return(kept.zone(), toy_page(9), kM));
}

TEST_CASE("the reserve ends with what leaves a list of it as something else") {
  Kept kept;
  KeptBlocks::note_return(kept.zone(), toy_page(5), kH);
  CHECK_FALSE(KeptBlocks::note_removal(kept.zone(), toy_page(3), kH));
  CHECK_FALSE(KeptBlocks::note_removal(kept.zone(), toy_page(9), kM));
  CHECK(KeptBlocks::note_removal(kept.zone(), toy_page(3), kM));
  CHECK(kept.zone().pageblock(toy_page(3)).type == kM);
  CHECK(listed(kept.zone(), 0, kH).empty());
  check_memory(*kept.world.memory);
}

TEST_CASE("only a pageblock with a larger atomic allocation can be in the reserve unseen") {
  Kept kept;
  CHECK_FALSE(kept.blocks.hide(kept.zone(), toy_page(1)));
  kept.alloc(0, kGfpAtomic);
  kept.alloc(1, kGfpKernel);
  CHECK_FALSE(kept.blocks.hide(kept.zone(), toy_page(1)));
  kept.alloc(1, kGfpAtomic);
  CHECK_FALSE(kept.blocks.hide(kept.zone(), toy_page(9)));
  CHECK(kept.blocks.hide(kept.zone(), toy_page(1)));
  CHECK(listed(kept.zone(), 0, kH) == "1 3");
  CHECK_FALSE(kept.blocks.hide(kept.zone(), toy_page(1)));
}
