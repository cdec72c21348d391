// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/slab_cache.h"

#include <doctest/doctest.h>

#include <array>
#include <set>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

constexpr CpuId kCpu0{0};
constexpr CpuId kCpu1{1};

/** What slabinfo of a machine with 2 CPUs says. */
struct Measured {
  std::uint32_t size;
  unsigned per_slab;
  unsigned order;
};

/** Objects filling @slabs slabs completely. */
std::vector<SlabObject> fill(SlabCache& cache, unsigned slabs, CpuId cpu) {
  std::vector<SlabObject> objects;
  while (cache.slabs() < slabs || objects.size() % (kPageSize / cache.spec().object_size) != 0) {
    objects.push_back(*cache.alloc(cpu, gfp::kKernel));
  }
  return objects;
}

}  // namespace

TEST_CASE("preferred slab orders are those that a real machine with 2 CPUs shows in slabinfo") {
  constexpr std::array kTable{
      Measured{192, 21, 0}, Measured{640, 12, 1}, Measured{1160, 14, 2}, Measured{584, 14, 1},
      Measured{8, 512, 0}, Measured{512, 16, 1}, Measured{1024, 16, 2}, Measured{2048, 16, 3},
      Measured{4096, 8, 3}, Measured{8192, 4, 3}, Measured{2304, 14, 3}, Measured{832, 19, 2},
      Measured{152, 26, 0}, Measured{8448, 3, 3}, Measured{1152, 14, 2}, Measured{2112, 15, 3},
      Measured{704, 23, 2}, Measured{384, 21, 1}, Measured{440, 18, 1}, Measured{784, 20, 2},
      Measured{712, 23, 2}, Measured{1192, 13, 2}, Measured{104, 39, 0}, Measured{256, 16, 0}};
  for (const Measured& row : kTable) {
    CAPTURE(row.size);
    const Order order = preferred_slab_order(row.size, 2);
    CHECK(order == Order{row.order});
    CHECK((kPageSize << order.value) / row.size == row.per_slab);
  }
}

TEST_CASE("slab orders grow with the CPUs, and the minimum order fits one object") {
  CHECK(preferred_slab_order(192, 32) == Order{1});
  CHECK(preferred_slab_order(512, 32) == Order{2});
  CHECK(minimum_slab_order(4096) == Order{0});
  CHECK(minimum_slab_order(4097) == Order{1});
  CHECK(minimum_slab_order(8448) == Order{2});
}

TEST_CASE("a slab page is freed only when its last object goes") {
  Rig rig;
  SlabCache& cache = rig.slabs.get({"thing", 1024, false, Order{0}});
  const auto objects = fill(cache, 40, kCpu0);
  REQUIRE(objects.size() == 160);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (i % 4 != 3) {
      cache.free(objects[i], kCpu0);
    }
  }
  CHECK(cache.objects() == 40);
  cache.shrink(kCpu0);
  CHECK(cache.slabs() == 40);
  cache.free(objects[3], kCpu0);
  cache.shrink(kCpu0);
  CHECK(cache.slabs() == 39);
  CHECK(cache.pages() == NrPages{39});
}

TEST_CASE("a few empty slabs stay with CPUs and nodes until the cache is shrunk") {
  Rig rig;
  SlabCache& cache = rig.slabs.get({"thing", 1024, false, Order{0}});
  const std::uint64_t before = rig.allocated();
  for (const SlabObject object : fill(cache, 100, kCpu0)) {
    cache.free(object, kCpu0);
  }
  CHECK(cache.objects() == 0);
  CHECK(cache.slabs() > 0);
  CHECK(cache.slabs() < 50);
  cache.shrink(kCpu0);
  CHECK(cache.slabs() == 0);
  CHECK(rig.allocated() == before);
  CHECK(rig.vm(VmEvent::nr_slab_unreclaimable) == 0);
}

TEST_CASE("free slots are filled before a new slab is made") {
  Rig rig;
  SlabCache& cache = rig.slabs.get({"thing", 1024, false, Order{0}});
  const auto objects = fill(cache, 30, kCpu0);
  for (std::size_t i = 0; i < objects.size(); i += 2) {
    cache.free(objects[i], kCpu0);
  }
  for (std::size_t i = 0; i < objects.size() / 2; ++i) {
    cache.alloc(kCpu0, gfp::kKernel);
  }
  CHECK(cache.slabs() == 30);
}

TEST_CASE("each CPU fills a slab of its own") {
  Rig rig;
  SlabCache& cache = rig.slabs.get({"thing", 64});
  const auto a = cache.alloc(kCpu0, gfp::kKernel);
  const auto b = cache.alloc(kCpu1, gfp::kKernel);
  CHECK(*a != *b);
  CHECK(cache.alloc(kCpu0, gfp::kKernel) == a);
  CHECK(cache.slabs() == 2);
}

TEST_CASE("a refused preferred order falls back to the minimum order") {
  Rig rig;
  rig.fragment(400);
  SlabCache& cache = rig.slabs.get({"thing", 512, false, Order{3}});
  const auto object = cache.alloc(kCpu0, gfp::kAtomic);
  REQUIRE(object);
  CHECK(cache.pages() == NrPages{1});
  CHECK(cache.fallbacks() == 1);
}

TEST_CASE("an object that cannot be had is refused, and the cache goes on afterwards") {
  Rig rig;
  rig.fragment(0);
  SlabCache& cache = rig.slabs.get({"thing", 512});
  CHECK_FALSE(cache.alloc(kCpu0, gfp::kAtomic));
  CHECK(cache.objects() == 0);
  rig.fragment(200);
  CHECK_FALSE(cache.alloc(kCpu0, gfp::kAtomic));
}

TEST_CASE("pages of reclaimable caches are reclaimable, and counted so") {
  Rig rig;
  SlabCache& cache = rig.slabs.get({"inodes", 640, true});
  const auto object = cache.alloc(kCpu0, gfp::kKernel);
  CHECK(rig.vm(VmEvent::nr_slab_reclaimable) == cache.pages().value);
  CHECK(rig.vm(VmEvent::nr_slab_unreclaimable) == 0);
  CHECK(cache.node_of(*object) == NodeId{0});
  CHECK(cache.name() == "slab:inodes");
  check_memory(rig.memory);
}

TEST_CASE("models that name the same cache share it") {
  Rig rig;
  CHECK(&rig.slabs.get(kmalloc_spec(1000)) == &rig.slabs.get({"kmalloc-1k", 1024}));
  CHECK(kmalloc_spec(65).name == "kmalloc-96");
  CHECK(kmalloc_spec(8000).object_size == 8192);
  CHECK(rig.slabs.all().size() == 1);
}
