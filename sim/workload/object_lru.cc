// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/object_lru.h"

#include <algorithm>

namespace gbsim {

ObjectLru::ObjectLru(SlabCache& cache, Memory& memory, RandomStream stream, double referenced_share)
    : cache_(cache),
      memory_(memory),
      stream_(stream),
      referenced_share_(referenced_share),
      lists_(memory.nr_nodes()) {}

void ObjectLru::add(SlabObject object) {
  lists_[cache_.node_of(object).value].push_back(object);
  ++size_;
}

std::uint64_t ObjectLru::count_objects(NodeId node) const {
  return lists_[node.value].size();
}

std::uint64_t ObjectLru::scan_objects(NodeId node, std::uint64_t nr_to_scan) {
  auto& list = lists_[node.value];
  const CpuId cpu{0};
  std::uint64_t freed = 0;
  for (std::uint64_t n = std::min<std::uint64_t>(nr_to_scan, list.size()); n > 0; --n) {
    const SlabObject object = list.front();
    list.pop_front();
    if (stream_.chance(referenced_share_)) {
      list.push_back(object);
      continue;
    }
    cache_.free(object, cpu);
    ++freed;
  }
  size_ -= freed;
  return freed;
}

void ObjectLru::clear(CpuId cpu) {
  for (auto& list : lists_) {
    for (const SlabObject object : list) {
      cache_.free(object, cpu);
    }
    list.clear();
  }
  size_ = 0;
}

}  // namespace gbsim
