// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/slab_model.h"

#include <array>

#include "sim/reclaim/reclaim.h"
#include "sim/workload/models.h"

namespace gbsim {

namespace {

constexpr std::array kCacheParams{
    ParamSpec{"name", ParamType::text, "kmalloc-64", "the kmem cache; caches of one name are shared between models"},
    ParamSpec{"size", ParamType::integer, "64", "bytes of one object with its padding", "", 8, 8192},
    ParamSpec{"type", ParamType::choice, "unmovable", "where its pages go", "", 0, 0, "unmovable|reclaimable"},
    ParamSpec{"rate", ParamType::rate, "1k/s", "objects created, whole machine", "", 0, 1e9},
    ParamSpec{"life", ParamType::law, "exponential 50ms", "how long an object is in use"},
    ParamSpec{"shrinkable", ParamType::flag, "no", "unused objects stay cached until a shrinker takes them"},
    ParamSpec{"referenced", ParamType::share, "30%", "of cached objects that a scan finds touched and keeps", "", 0,
              0.95},
    ParamSpec{"standing", ParamType::integer, "0", "objects that exist from the start and stay", "", 0, 1e9},
};

constexpr std::array kParams{
    ParamSpec{"caches", ParamType::list, "", "the caches in use (workloads/slab.yaml has the default mix)", "", 0, 0,
              "", kCacheParams},
};

}  // namespace

SlabModel::SlabModel(std::string name, const Params& params, double scale, WorkloadHost& host)
    : ModelBase(std::move(name), scale, host), wheels_(host.memory.nr_cpus()) {
  for (const Params& row : params.list("caches")) {
    add_use(row);
  }
}

SlabModel::~SlabModel() {
  for (Use& use : uses_) {
    if (use.lru) {
      host().reclaim.unregister_shrinker(*use.lru);
    }
  }
}

void SlabModel::add_use(const Params& row) {
  const bool reclaimable = row.text("type") == "reclaimable";
  SlabCache& cache =
      host().slabs.get({row.text("name"), static_cast<std::uint32_t>(row.integer("size")), reclaimable});
  Use use{&cache,
          row.real("rate"),
          row.law("life"),
          static_cast<std::uint64_t>(static_cast<double>(row.integer("standing")) * scale()),
          nullptr,
          {}};
  if (row.flag("shrinkable")) {
    RandomStream stream(host().seed, name() + "/shrink/" + row.text("name"));
    use.lru = std::make_unique<ObjectLru>(cache, memory(), stream, row.real("referenced"));
    host().reclaim.register_shrinker(*use.lru);
  }
  uses_.push_back(std::move(use));
}

void SlabModel::start() {
  for (Use& use : uses_) {
    for (std::uint64_t n = 0; n < use.standing; ++n) {
      const CpuId cpu{static_cast<std::uint16_t>(n / 64 % nr_cpus())};
      if (const auto object = use.cache->alloc(cpu, gfp::kKernel)) {
        use.kept.push_back(*object);
      }
    }
  }
}

void SlabModel::retire(CpuId cpu, const Pending& pending) {
  Use& use = uses_[pending.use];
  if (use.lru) {
    use.lru->add(pending.object);
  } else {
    use.cache->free(pending.object, cpu);
  }
}

void SlabModel::create(CpuId cpu, std::uint32_t index, Ns now) {
  Use& use = uses_[index];
  if (const auto object = use.cache->alloc(cpu, gfp::kKernel)) {
    wheels_[cpu.value].schedule(now + duration(cpu, use.life), Pending{index, *object});
  }
}

void SlabModel::run(CpuId cpu, Ns from, Ns to) {
  wheels_[cpu.value].advance(to, [&](Ns, const Pending& pending) { retire(cpu, pending); });
  for (std::uint32_t use = 0; use < uses_.size(); ++use) {
    for (std::uint64_t n = arrivals(cpu, uses_[use].rate, from, to); n > 0; --n) {
      create(cpu, use, from);
    }
  }
}

void SlabModel::stop() {
  for (std::uint16_t i = 0; i < nr_cpus(); ++i) {
    const CpuId cpu{i};
    wheels_[i].advance(Ns::max(), [&](Ns, const Pending& pending) { retire(cpu, pending); });
    wheels_[i].clear();
  }
  for (Use& use : uses_) {
    for (const SlabObject object : use.kept) {
      use.cache->free(object, CpuId{0});
    }
    use.kept.clear();
    if (use.lru) {
      use.lru->clear(CpuId{0});
    }
  }
}

const WorkloadModel& slab_model() {
  static const WorkloadModel kModel{
      "slab", "kernel objects from kmem caches, cached and shrunk or short-lived", kParams,
      [](std::string name, const Params& params, double scale, WorkloadHost& host) -> std::unique_ptr<Workload> {
        return std::make_unique<SlabModel>(std::move(name), params, scale, host);
      }};
  return kModel;
}

}  // namespace gbsim
