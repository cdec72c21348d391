// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/shrink_slab.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "reclaim_world.h"

using namespace gbsim;
using gbsim::test::ReclaimWorld;

namespace {

/** A cache that frees all it is asked to, or nothing. */
class FakeCache : public Shrinker {
 public:
  explicit FakeCache(std::uint64_t objects) : objects_(objects) {}
  std::string_view name() const override { return "fake"; }
  std::uint64_t count_objects(NodeId) const override { return objects_; }
  std::uint64_t scan_objects(const ShrinkScope&, std::uint64_t nr_to_scan) override {
    calls.push_back(nr_to_scan);
    const std::uint64_t freed = in_use ? 0 : std::min(nr_to_scan, objects_);
    objects_ -= freed;
    return freed;
  }

  std::vector<std::uint64_t> calls;
  bool in_use = false;

 private:
  std::uint64_t objects_;
};

}  // namespace

TEST_CASE("a round scans twice the share that its priority gives, in batches of 128") {
  ReclaimWorld world;
  ShrinkSlab slab(world.memory());
  FakeCache cache(2560);
  slab.add(cache);
  CHECK(slab.shrink(NodeId{}, 4) == 256);
  CHECK(cache.calls == std::vector<std::uint64_t>{128, 128});
  CHECK(world.count(VmEvent::slabs_scanned) == 256);
}

TEST_CASE("less than a batch is deferred until it adds up") {
  ReclaimWorld world;
  ShrinkSlab slab(world.memory());
  FakeCache cache(4096);
  slab.add(cache);
  CHECK(slab.shrink(NodeId{}, 12) == 0);
  for (int round = 0; round < 99; ++round) {
    slab.shrink(NodeId{}, 12);
  }
  CHECK(cache.calls.empty());
  CHECK(slab.shrink(NodeId{}, 1) >= 4096 - 128);
}

TEST_CASE("deferred work is bounded by twice the cache") {
  ReclaimWorld world;
  ShrinkSlab slab(world.memory());
  FakeCache cache(1000);
  cache.in_use = true;
  slab.add(cache);
  for (int round = 0; round < 50; ++round) {
    slab.shrink(NodeId{}, 0);
  }
  CHECK(*std::ranges::max_element(cache.calls) == 128);
  CHECK(world.count(VmEvent::slabs_scanned) <= 50 * 2000);
}

TEST_CASE("a small cache is scanned whole although it is less than a batch") {
  ReclaimWorld world;
  ShrinkSlab slab(world.memory());
  FakeCache cache(50);
  slab.add(cache);
  CHECK(slab.shrink(NodeId{}, 0) == 50);
}

TEST_CASE("vfs_cache_pressure scales what a round looks at") {
  ReclaimWorld world;
  world.tunables().vfs_cache_pressure = 200;
  ShrinkSlab slab(world.memory());
  FakeCache cache(2560);
  slab.add(cache);
  CHECK(slab.shrink(NodeId{}, 4) == 640);
}

TEST_CASE("dropping frees all there is, and removed shrinkers are asked no more") {
  ReclaimWorld world;
  ShrinkSlab slab(world.memory());
  FakeCache cache(77);
  slab.add(cache);
  CHECK(slab.drop(NodeId{}) == 77);
  slab.remove(cache);
  cache.calls.clear();
  slab.drop(NodeId{});
  CHECK(cache.calls.empty());
  CHECK(slab.count(NodeId{}) == 0);
}
