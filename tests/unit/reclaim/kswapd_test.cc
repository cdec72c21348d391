// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/kswapd.h"

#include <doctest/doctest.h>

#include "reclaim_world.h"
#include "sim/reclaim/compact_suitable.h"

using namespace gbsim;
using namespace std::chrono_literals;
using gbsim::test::ReclaimWorld;

namespace {

constexpr NodeId kNode{};

/** Short of memory: 2000 clean file pages, free memory below the low watermark. */
struct KswapdWorld {
  explicit KswapdWorld(std::uint64_t file_pages = 2000, unsigned gigablocks = 64) : world(NrPages{}, gigablocks) {
    world.add_many(file_pages, LruList::inactive_file);
    world.leave_free(120);
    world.set_watermarks(100, 150, 200);
  }

  Kswapd& kswapd() { return world.reclaim().kswapd(); }
  bool wake(Order order = Order{0}) { return kswapd().wake(kNode, order, ZoneType::normal); }
  /** Until it goes to sleep, or is to pause; steps of 64 pages. */
  KswapdStep run() {
    KswapdStep step;
    for (steps = 0; steps < 10'000; ++steps) {
      step = kswapd().step(kNode, NrPages{64}, CpuId{});
      compact_order = std::max(compact_order, step.compact_order);
      if (step.next != 0ns) {
        return step;
      }
    }
    FAIL("kswapd never rests");
    return step;
  }
  NrPages free() { return world.zone().free_pages_exact(); }

  ReclaimWorld world;
  Order compact_order{};  // largest asked of kcompactd
  int steps = 0;
};

}  // namespace

TEST_CASE("kswapd sleeps until woken and reclaims up to the high watermark") {
  KswapdWorld k;
  CHECK(k.kswapd().step(kNode, NrPages{64}, CpuId{}).next == Ns::max());
  CHECK(k.wake());
  CHECK_FALSE(k.wake());
  const KswapdStep step = k.run();
  CHECK(step.state == KswapdState::asleep);
  CHECK(step.balanced);
  CHECK(k.free() > NrPages{200});
  CHECK(k.free() < NrPages{500});
  CHECK(k.world.count(VmEvent::pageoutrun) == 1);
  CHECK(k.compact_order == Order{0});
  k.world.check();
}

TEST_CASE("waking kswapd is needless while the node is balanced and not boosted") {
  KswapdWorld k;
  k.world.set_watermarks(10, 20, 30);
  CHECK_FALSE(k.wake());
  REQUIRE(k.world.zone().boost_watermark(100'000'000));
  CHECK(k.wake());
}

TEST_CASE("zones are marked as under reclaim while kswapd works") {
  KswapdWorld k;
  k.wake();
  k.kswapd().step(kNode, NrPages{32}, CpuId{});
  CHECK(k.world.zone().reclaim_active());
  k.run();
  CHECK_FALSE(k.world.zone().reclaim_active());
}

TEST_CASE("a boost is reclaimed, then cleared, and kcompactd is woken for a pageblock") {
  KswapdWorld k(9000, 256);
  k.world.set_watermarks(10, 20, 100);
  REQUIRE(k.world.zone().boost_watermark(10'000));
  const NrPages boost = k.world.zone().boost();
  REQUIRE(boost.value != 0);
  const NrPages before = k.free();
  REQUIRE(k.wake());
  k.run();
  CHECK(k.world.zone().boost() == NrPages{0});
  CHECK(k.free() - before >= boost);
  CHECK(k.compact_order == k.world.zone().orders().pageblock);
}

TEST_CASE("a boost that cannot be reclaimed is given up without a failure") {
  KswapdWorld k(0);
  k.world.set_watermarks(10, 20, 100);
  REQUIRE(k.world.zone().boost_watermark(10'000));
  REQUIRE(k.wake());
  k.run();
  CHECK(k.world.zone().boost() == NrPages{0});
  CHECK_FALSE(k.kswapd().hopeless(kNode));
  CHECK(k.world.memory().zone(0).boost() == NrPages{0});
}

TEST_CASE("for a large order kswapd reclaims the gap that compaction needs and leaves the rest to kcompactd") {
  KswapdWorld k(0);
  k.world.set_watermarks(0, 0, 1);
  for (const FolioId id : k.world.add_many(120, LruList::inactive_file)) {
    if (k.world.folio(id).pfn.value % 2 == 1) {
      k.world.lru().remove(id);  // unmovable neighbours: no large block comes from reclaim alone
    }
  }
  REQUIRE(k.wake(Order{4}));
  k.run();
  CHECK(k.world.count(VmEvent::pgsteal_kswapd) >= compact_gap(Order{4}).value);
  CHECK(k.compact_order == Order{4});
}

TEST_CASE("kswapd is hopeless after sixteen rounds that freed nothing, until somebody frees memory") {
  KswapdWorld k(0);
  REQUIRE(k.wake());
  k.run();
  CHECK(k.kswapd().hopeless(kNode));
  CHECK(k.world.count(VmEvent::pageoutrun) == 16);
  CHECK_FALSE(k.wake());
  k.world.add_many(64, LruList::inactive_file);
  k.world.reclaim().direct_reclaim({});
  CHECK_FALSE(k.kswapd().hopeless(kNode));
}

TEST_CASE("kswapd dozes for 100 ms: woken then, the low watermark was hit quickly") {
  KswapdWorld k;
  k.wake();
  const KswapdStep step = k.run();
  CHECK(step.next == 100ms);
  k.world.clock().now = 50ms;
  CHECK(k.kswapd().step(kNode, NrPages{64}, CpuId{}).next == 100ms);
  k.world.leave_free(100);
  CHECK(k.wake());
  CHECK(k.world.count(VmEvent::kswapd_low_wmark_hit_quickly) == 1);
}

TEST_CASE("kswapd looks again after its doze and works on if the node fell below the high watermark") {
  KswapdWorld k;
  k.wake();
  k.run();
  k.world.leave_free(160);
  k.world.clock().now = 100ms;
  CHECK(k.run().next == 200ms);
  CHECK(k.free() > NrPages{200});
  CHECK(k.world.count(VmEvent::kswapd_high_wmark_hit_quickly) == 1);
  k.world.clock().now = 200ms;
  CHECK(k.run().next == Ns::max());
  k.world.leave_free(100);
  CHECK(k.wake());
  CHECK(k.world.count(VmEvent::kswapd_low_wmark_hit_quickly) == 0);
}

TEST_CASE("a request that arrives while kswapd works is looked at before it sleeps") {
  KswapdWorld k;
  k.wake();
  k.kswapd().step(kNode, NrPages{32}, CpuId{});
  CHECK_FALSE(k.wake(Order{4}));
  k.run();
  const bool served = k.kswapd().balanced(kNode, Order{4}, ZoneType::normal);
  CHECK((served || k.compact_order == Order{4}));
}

TEST_CASE("in defrag_mode only free pageblocks count for a large order") {
  KswapdWorld k;
  const auto is_balanced = [&] { return k.kswapd().balanced(kNode, Order{1}, ZoneType::normal); };
  k.world.leave_free(7);
  k.world.set_watermarks(0, 0, 1);
  k.world.memory().free_folio(FolioId{0}, CpuId{});
  k.world.memory().free_folio(FolioId{1}, CpuId{});
  k.world.memory().drain_all_pcp();
  REQUIRE(is_balanced());
  k.world.tunables().defrag_mode = true;
  CHECK_FALSE(is_balanced());
}
