// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/slab_model.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <utility>

#include "sim/workload/models.h"
#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

using Setting = std::pair<const char*, const char*>;

Params caches(std::initializer_list<std::initializer_list<Setting>> rows) {
  Params params(slab_model().params);
  std::vector<Params> list;
  for (const auto& settings : rows) {
    Params row(params.find("caches")->items);
    for (const auto& [key, value] : settings) {
      REQUIRE_FALSE(row.set(key, value));
    }
    list.push_back(row);
  }
  params.set_list("caches", list);
  return params;
}

}  // namespace

TEST_CASE("objects in use are those that short and long lives add up to") {
  Rig rig;
  SlabModel model("slab",
                  caches({{{"name", "kmalloc-256"}, {"size", "256"}, {"rate", "20k/s"}, {"life", "exponential 50ms"},
                           {"long_share", "2%"}, {"long_life", "fixed 1h"}}}),
                  1, rig.host);
  rig.run(model, std::chrono::seconds{2});
  const SlabCache& cache = rig.slabs.get({"kmalloc-256", 256});
  CHECK(cache.objects() == doctest::Approx(20'000 * 0.05 + 40'000 * 0.02).epsilon(0.15));
  check_memory(rig.memory);
}

TEST_CASE("everything is given back when the model stops") {
  Rig rig;
  const std::uint64_t before = rig.allocated();
  SlabModel model("slab",
                  caches({{{"name", "filp"}, {"size", "256"}, {"standing", "5000"}, {"group", "uniform 1 20"}},
                          {{"name", "dentry"}, {"size", "192"}, {"type", "reclaimable"}, {"shrinkable", "yes"},
                           {"life", "exponential 10ms"}, {"rate", "5k/s"}, {"deleted", "30%"}}}),
                  1, rig.host);
  model.start();
  CHECK(rig.slabs.get({"filp", 256}).objects() == 5000);
  rig.run(model, std::chrono::seconds{1});
  CHECK(rig.slabs.get({"dentry", 192, true}).objects() > 3000);
  model.stop();
  CHECK(rig.slabs.get({"filp", 256}).objects() == 0);
  CHECK(rig.slabs.get({"dentry", 192, true}).objects() == 0);
  CHECK(rig.allocated() == before);
  check_memory(rig.memory);
}

TEST_CASE("cached objects go to reclaim, those in use do not") {
  Rig rig;
  SlabModel model("slab",
                  caches({{{"name", "inode_cache"}, {"size", "640"}, {"type", "reclaimable"}, {"shrinkable", "yes"},
                           {"life", "fixed 1ms"}, {"long_share", "10%"}, {"long_life", "fixed 1h"}, {"rate", "5k/s"},
                           {"referenced", "0%"}}}),
                  1, rig.host);
  rig.run(model, std::chrono::seconds{1});
  SlabCache& cache = rig.slabs.get({"inode_cache", 640, true});
  const std::uint64_t slabs = cache.slabs();
  CHECK(cache.objects() > 4500);
  rig.reclaim.slab().drop(NodeId{0});
  CHECK(cache.objects() == doctest::Approx(500).epsilon(0.2));
  CHECK(cache.slabs() > slabs / 2);  // holes
}

TEST_CASE("without memory the objects are refused and nothing breaks") {
  Rig rig;
  rig.fragment(0);
  SlabModel model("slab", caches({{{"gfp", "ATOMIC"}}}), 1, rig.host);
  rig.run(model, std::chrono::milliseconds{100});
  CHECK(model.refused() > 0);
  model.stop();
}

TEST_CASE("the same seed makes the same slabs") {
  const auto result = [](std::uint64_t seed) {
    Rig rig(64, {}, seed);
    SlabModel model("slab", caches({{{"rate", "10k/s"}, {"group", "uniform 1 4"}}}), 1, rig.host);
    rig.run(model, std::chrono::seconds{1});
    return std::pair{rig.slabs.all().front()->objects(), rig.vm(VmEvent::pgfree)};
  };
  CHECK(result(1) == result(1));
  CHECK(result(1) != result(2));
}
