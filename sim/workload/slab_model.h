// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "sim/base/timing_wheel.h"
#include "sim/workload/model_base.h"
#include "sim/workload/object_lru.h"
#include "sim/workload/slab_cache.h"

namespace gbsim {

/** Kernel objects from kmem caches: kmalloc of all sizes, dentries and inodes that stay cached until shrunk. */
class SlabModel final : public ModelBase {
 public:
  SlabModel(std::string name, const Params& params, double scale, WorkloadHost& host);
  ~SlabModel() override;

  void start() override;
  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;

 private:
  /** One cache and how it is used. */
  struct Use {
    SlabCache* cache;
    double rate;
    Law life;
    std::uint64_t standing;         // objects that exist from the start and stay
    std::unique_ptr<ObjectLru> lru;  // shrinkable caches: where objects go when they fall out of use
    std::vector<SlabObject> kept;    // the standing ones
  };

  struct Pending {
    std::uint32_t use;
    SlabObject object;
  };

  void add_use(const Params& row);
  void retire(CpuId cpu, const Pending& pending);
  void create(CpuId cpu, std::uint32_t use, Ns now);

  std::vector<Use> uses_;
  std::vector<TimingWheel<Pending>> wheels_;  // by CPU
};

}  // namespace gbsim
