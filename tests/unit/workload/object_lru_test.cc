// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/object_lru.h"

#include <doctest/doctest.h>

#include <vector>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

constexpr NodeId kNode{0};

}  // namespace

TEST_CASE("a scan frees the oldest unused objects first") {
  Rig rig;
  SlabCache& cache = rig.slabs.get({"dentry", 192, true, Order{0}});
  ObjectLru lru(cache, rig.memory, RandomStream(1, "test"), 0);
  const SlabObject first = *cache.alloc(CpuId{0}, gfp::kKernel);
  lru.add(first);
  for (int i = 0; i < 99; ++i) {
    lru.add(*cache.alloc(CpuId{0}, gfp::kKernel));
  }
  CHECK(lru.count_objects(kNode) == 100);
  CHECK(lru.scan_objects(kNode, 21) == 21);
  CHECK(lru.size() == 79);
  cache.shrink(CpuId{0});
  CHECK(cache.slabs() == 4);  // the first slab held 21 objects
}

TEST_CASE("shrinking leaves holes: one object in use keeps its slab page") {
  Rig rig;
  SlabCache& cache = rig.slabs.get({"dentry", 192, true, Order{0}});
  ObjectLru lru(cache, rig.memory, RandomStream(1, "test"), 0);
  unsigned in_use = 0;
  for (unsigned i = 0; i < 21 * 50; ++i) {
    const SlabObject object = *cache.alloc(CpuId{0}, gfp::kKernel);
    if (i % 21 == 10) {
      ++in_use;
    } else {
      lru.add(object);
    }
  }
  rig.reclaim.register_shrinker(lru);
  rig.reclaim.slab().drop(kNode);
  cache.shrink(CpuId{0});
  CHECK(lru.size() == 0);
  CHECK(cache.objects() == in_use);
  CHECK(cache.slabs() == 50);
  rig.reclaim.unregister_shrinker(lru);
}

TEST_CASE("objects touched again survive a scan") {
  Rig rig;
  SlabCache& cache = rig.slabs.get({"dentry", 192, true, Order{0}});
  ObjectLru lru(cache, rig.memory, RandomStream(1, "test"), 0.5);
  for (int i = 0; i < 1000; ++i) {
    lru.add(*cache.alloc(CpuId{0}, gfp::kKernel));
  }
  const std::uint64_t freed = lru.scan_objects(kNode, 1000);
  CHECK(freed > 400);
  CHECK(freed < 600);
  lru.clear();
  CHECK(cache.objects() == 0);
}

TEST_CASE("a scan of a range frees objects there and passes the others over, which become the youngest") {
  Rig rig;
  SlabCache& cache = rig.slabs.get({"dentry", 192, true, Order{0}});
  ObjectLru lru(cache, rig.memory, RandomStream(1, "test"), 0);
  std::vector<SlabObject> objects;
  for (int i = 0; i < 21 * 4; ++i) {
    objects.push_back(*cache.alloc(CpuId{0}, gfp::kKernel));
    lru.add(objects.back());
  }
  const Pfn aim = cache.pfn_of(objects[30]);
  CHECK(lru.scan_objects({kNode, aim, aim + NrPages{1}}, 42) == 21);
  CHECK(lru.size() == 63);
  CHECK(lru.scan_objects({kNode, aim, aim + NrPages{1}}, 63) == 0);
  CHECK(lru.scan_objects(kNode, 21) == 21);
  cache.shrink(CpuId{0});
  CHECK(cache.slabs() == 2);
}
