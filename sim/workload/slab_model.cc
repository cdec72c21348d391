// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/slab_model.h"

#include <array>

#include "sim/base/check.h"
#include "sim/reclaim/reclaim.h"
#include "sim/workload/models.h"

namespace gbsim {

namespace {

constexpr std::array kCacheParams{
    ParamSpec{"name", ParamType::text, "kmalloc-64", "the kmem cache; caches of one name are shared between models"},
    ParamSpec{"size", ParamType::integer, "64", "bytes of one object with its padding", "", 8, 32768},
    ParamSpec{"type", ParamType::choice, "unmovable", "where its pages go", "", 0, 0, "unmovable|reclaimable"},
    ParamSpec{"order", ParamType::integer, "-1", "preferred slab order; -1 for SLUB's rule", "", -1, 3},
    ParamSpec{"gfp", ParamType::choice, "KERNEL", "shape of its requests", "", 0, 0, "KERNEL|NOFS|NOWAIT|ATOMIC"},
    ParamSpec{"rate", ParamType::rate, "1k/s", "times objects are made, whole machine, times scale", "", 0, 1e9},
    ParamSpec{"group", ParamType::law, "fixed 1", "objects made at one time; they go together"},
    ParamSpec{"life", ParamType::law, "exponential 50ms", "how long an object is in use"},
    ParamSpec{"long_share", ParamType::share, "0%", "of objects that are in use for long_life instead", "", 0, 1},
    ParamSpec{"long_life", ParamType::law, "exponential 10m", "how long those are in use"},
    ParamSpec{"shrinkable", ParamType::flag, "no", "objects out of use stay cached until a shrinker takes them"},
    ParamSpec{"deleted", ParamType::share, "0%", "of shrinkable objects that are freed after use", "", 0, 1},
    ParamSpec{"referenced", ParamType::share, "30%", "of cached objects that a scan finds touched and keeps", "", 0,
              0.95},
    ParamSpec{"standing", ParamType::integer, "0", "objects in use from start to stop, whole machine, times scale", "",
              0, 1e9},
};

constexpr std::array kParams{
    ParamSpec{"caches", ParamType::list, "", "the caches in use (workloads/slab.yaml has the default mix)", "", 0, 0,
              "", kCacheParams},
    ParamSpec{"freed_elsewhere", ParamType::share, "15%", "of objects that another CPU frees",
              "estimate: RCU callbacks, work queues and threads that moved", 0, 1},
};

constexpr std::uint64_t kMaxGroup = 4096;

}  // namespace

SlabModel::SlabModel(std::string name, const Params& params, double scale, WorkloadHost& host)
    : ModelBase(std::move(name), scale, host),
      wheels_(host.memory.nr_cpus()),
      freed_elsewhere_(params.real("freed_elsewhere")) {
  std::vector<double> rates;
  for (const Params& row : params.list("caches")) {
    add_use(row);
    rates.push_back(row.real("rate"));
  }
  which_ = WeightedChoice(rates);
}

SlabModel::~SlabModel() {
  for (Use& use : uses_) {
    if (use.lru) {
      host().reclaim.unregister_shrinker(*use.lru);
    }
  }
}

void SlabModel::add_use(const Params& row) {
  SlabSpec spec{row.text("name"), static_cast<std::uint32_t>(row.integer("size")), row.text("type") == "reclaimable"};
  if (row.integer("order") >= 0) {
    spec.order = std::max(Order{static_cast<unsigned>(row.integer("order"))}, minimum_slab_order(spec.object_size));
  }
  Use use;
  use.cache = &host().slabs.get(spec);
  use.gfp = gfp_shape(row.text("gfp")).value_or(gfp::kKernel);
  use.group = QuickLaw(row.law("group"));
  use.life = QuickLaw(row.law("life"));
  use.long_life = QuickLaw(row.law("long_life"));
  use.long_share = row.real("long_share");
  use.deleted = row.real("deleted");
  use.standing = static_cast<double>(row.integer("standing"));
  if (row.flag("shrinkable")) {
    RandomStream stream(host().seed, name() + "/shrink/" + spec.name);
    use.lru = std::make_unique<ObjectLru>(*use.cache, memory(), stream, row.real("referenced"));
    host().reclaim.register_shrinker(*use.lru);
  }
  uses_.push_back(std::move(use));
}

// Boot makes them all on whichever CPU it runs: long runs of one cache, each CPU its part.
void SlabModel::start() {
  for (std::uint16_t use = 0; use < uses_.size(); ++use) {
    for (std::uint16_t cpu = 0; cpu < nr_cpus(); ++cpu) {
      make_standing(use, CpuId{cpu});
    }
  }
}

void SlabModel::make_standing(std::uint16_t index, CpuId cpu) {
  const Use& use = uses_[index];
  for (std::uint64_t n = share_of(cpu, use.standing); n > 0; --n) {
    const auto object = use.cache->alloc(cpu, use.gfp);
    if (!object) {
      return;
    }
    standing_.push_back({index, *object});
  }
}

void SlabModel::schedule(CpuId cpu, Ns due, const Pending& pending) {
  RandomStream& stream = random(cpu);
  const bool elsewhere = freed_elsewhere_ > 0 && stream.chance(freed_elsewhere_);
  wheels_[elsewhere ? stream.below(nr_cpus()) : cpu.value].schedule(due, pending);
}

void SlabModel::create(CpuId cpu, std::uint16_t index, Ns now) {
  const Use& use = uses_[index];
  RandomStream& stream = random(cpu);
  const auto wanted = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(use.group.draw(stream)), 1, kMaxGroup);
  const QuickLaw& life = use.long_share > 0 && stream.chance(use.long_share) ? use.long_life : use.life;
  const Ns due = now + life.draw_time(stream);
  Pending run{index, 0, 0};
  for (std::uint64_t n = 0; n < wanted; ++n) {
    const auto object = use.cache->alloc(cpu, use.gfp);
    if (!object) {
      ++refused_;
      break;
    }
    if (run.count != 0 && run.object != *object) {
      schedule(cpu, due, run);
      run.count = 0;
    }
    run.object = *object;
    ++run.count;
  }
  if (run.count != 0) {
    schedule(cpu, due, run);
  }
}

void SlabModel::retire(CpuId cpu, const Pending& pending) {
  Use& use = uses_[pending.use];
  if (!use.lru || (use.deleted > 0 && random(cpu).chance(use.deleted))) {
    use.cache->free(pending.object, pending.count, cpu);
    return;
  }
  for (std::uint16_t n = 0; n < pending.count; ++n) {
    use.lru->add(pending.object);
  }
}

void SlabModel::run(CpuId cpu, Ns from, Ns to) {
  TimingWheel<Pending>& wheel = wheels_[cpu.value];
  const auto retire_due = [&](Ns, const Pending& pending) { retire(cpu, pending); };
  spread(arrivals(cpu, which_.total(), from, to), from, to, [&](Ns now) {
    wheel.advance(now, retire_due);
    create(cpu, static_cast<std::uint16_t>(which_.draw(random(cpu))), now);
  });
  wheel.advance(to, retire_due);
}

void SlabModel::stop() {
  for (std::uint16_t i = 0; i < nr_cpus(); ++i) {
    wheels_[i].advance(Ns::max(), [&](Ns, const Pending& pending) {
      uses_[pending.use].cache->free(pending.object, pending.count, CpuId{i});
    });
    wheels_[i] = TimingWheel<Pending>();
  }
  for (const Standing& one : standing_) {
    uses_[one.use].cache->free(one.object, CpuId{0});
  }
  standing_.clear();
  for (Use& use : uses_) {
    if (use.lru) {
      use.lru->clear();
    }
    use.cache->shrink(CpuId{0});
  }
}

const WorkloadModel& slab_model() {
  static const WorkloadModel kModel{
      "slab", "kernel objects from kmem caches, short-lived, long-lived, or cached until shrunk", kParams,
      [](std::string name, const Params& params, double scale, WorkloadHost& host) -> std::unique_ptr<Workload> {
        return std::make_unique<SlabModel>(std::move(name), params, scale, host);
      }};
  return kModel;
}

}  // namespace gbsim
