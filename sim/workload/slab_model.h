// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "sim/base/timing_wheel.h"
#include "sim/workload/model_base.h"
#include "sim/workload/object_lru.h"
#include "sim/workload/quick_law.h"
#include "sim/workload/slab_cache.h"
#include "sim/workload/weighted_choice.h"

namespace gbsim {

/**
 * Kernel objects from kmem caches. Most live shortly, some for long in between, so that slab pages outlast most of
 * what they held; dentries and inodes stay cached after use until shrinkers take them.
 */
class SlabModel final : public ModelBase {
 public:
  SlabModel(std::string name, const Params& params, double scale, WorkloadHost& host);
  ~SlabModel() override;

  void start() override;
  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;

  /** Objects that could not be had: the operation that wanted them failed. */
  std::uint64_t refused() const { return refused_; }

 private:
  /** One cache and how it is used. */
  struct Use {
    SlabCache* cache;
    Gfp gfp;
    QuickLaw group;  // objects made together, which also go together
    QuickLaw life;
    QuickLaw long_life;
    double long_share;
    double deleted;                  // share of shrinkable objects that are deleted after use, not cached
    double standing;                 // objects that exist from the start and stay, machine-wide
    std::unique_ptr<ObjectLru> lru;  // shrinkable caches: where objects go when they fall out of use
  };

  /** Objects of one slab that go at one time. */
  struct Pending {
    std::uint16_t use;
    std::uint16_t count;
    SlabObject object;
  };

  struct Standing {
    std::uint16_t use;
    SlabObject object;
  };

  void add_use(const Params& row);
  void make_standing(std::uint16_t use, CpuId cpu);
  void create(CpuId cpu, std::uint16_t use, Ns now);
  void schedule(CpuId cpu, Ns due, const Pending& pending);
  void retire(CpuId cpu, const Pending& pending);

  std::vector<Use> uses_;
  WeightedChoice which_;                      // of uses_, by rate
  std::vector<TimingWheel<Pending>> wheels_;  // by CPU
  std::vector<Standing> standing_;
  double freed_elsewhere_;
  std::uint64_t refused_ = 0;
};

}  // namespace gbsim
