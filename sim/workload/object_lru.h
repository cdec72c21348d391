// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "sim/base/random.h"
#include "sim/reclaim/shrinker.h"
#include "sim/workload/slab_cache.h"

namespace gbsim {

/**
 * Unused objects of a reclaimable cache, such as dentries and inodes: kept until a shrinker takes the oldest. Objects
 * in use, and those touched again, survive the scan, which is why shrinking leaves holes in slab pages.
 */
class ObjectLru final : public Shrinker {
 public:
  /** @referenced_share: chance that an object was touched since the scan last came by, and is kept once more. */
  ObjectLru(SlabCache& cache, Memory& memory, RandomStream stream, double referenced_share);

  /** @object is no longer in use. */
  void add(SlabObject object) { lists_[cache_.node_of(object).value].push_back(object); }
  std::uint64_t size() const;
  /** Frees everything. */
  void clear();

  std::string_view name() const override { return cache_.spec().name; }
  std::uint64_t count_objects(NodeId node) const override { return lists_[node.value].size(); }
  /** Objects outside @scope are passed over and become the youngest, as LRU_ROTATE does. */
  std::uint64_t scan_objects(const ShrinkScope& scope, std::uint64_t nr_to_scan) override;

 private:
  SlabCache& cache_;
  RandomStream stream_;
  double referenced_share_;
  std::vector<CpuId> cpus_;                     // by node: who frees there
  std::vector<std::deque<SlabObject>> lists_;  // by node, oldest first
};

}  // namespace gbsim
