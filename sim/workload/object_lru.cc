// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/object_lru.h"

#include <algorithm>

#include "sim/workload/model_base.h"

namespace gbsim {

ObjectLru::ObjectLru(SlabCache& cache, Memory& memory, RandomStream stream, double referenced_share)
    : cache_(cache), stream_(stream), referenced_share_(referenced_share), lists_(memory.nr_nodes()) {
  for (std::uint16_t node = 0; node < memory.nr_nodes(); ++node) {
    cpus_.push_back(lowest_cpu_of(memory, NodeId{node}));
  }
}

std::uint64_t ObjectLru::size() const {
  std::uint64_t objects = 0;
  for (const auto& list : lists_) {
    objects += list.size();
  }
  return objects;
}

std::uint64_t ObjectLru::scan_objects(const ShrinkScope& scope, std::uint64_t nr_to_scan) {
  auto& list = lists_[scope.node.value];
  std::uint64_t freed = 0;
  for (std::uint64_t n = std::min<std::uint64_t>(nr_to_scan, list.size()); n > 0; --n) {
    const SlabObject object = list.front();
    list.pop_front();
    const bool passed_over = !scope.is_node() && !scope.covers(cache_.pfn_of(object));
    if (passed_over || stream_.chance(referenced_share_)) {
      list.push_back(object);
      continue;
    }
    cache_.free(object, cpus_[scope.node.value]);
    ++freed;
  }
  return freed;
}

void ObjectLru::clear() {
  for (std::size_t node = 0; node < lists_.size(); ++node) {
    for (const SlabObject object : lists_[node]) {
      cache_.free(object, cpus_[node]);
    }
    lists_[node].clear();
  }
}

}  // namespace gbsim
