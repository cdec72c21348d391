// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/shrink_slab.h"

#include <algorithm>

namespace gbsim {

namespace {

constexpr std::uint64_t kBatch = 128;  // SHRINK_BATCH
constexpr std::uint64_t kSeeks = 2;    // DEFAULT_SEEKS

}  // namespace

void ShrinkSlab::add(Shrinker& shrinker) {
  entries_.push_back({&shrinker, std::vector<std::uint64_t>(memory_.nr_nodes())});
}

void ShrinkSlab::remove(Shrinker& shrinker) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.shrinker == &shrinker; });
}

std::uint64_t ShrinkSlab::shrink(Entry& entry, const ShrinkScope& scope, unsigned priority) {
  const std::uint64_t freeable =
      entry.shrinker->count_objects(scope.node) * memory_.tunables().vfs_cache_pressure / 100;
  if (freeable == 0) {
    return 0;
  }
  std::uint64_t& deferred = entry.deferred[scope.node.value];
  const std::uint64_t delta = (freeable >> priority) * 4 / kSeeks;
  std::uint64_t total = std::min((deferred >> priority) + delta, 2 * freeable);
  std::uint64_t freed = 0;
  std::uint64_t scanned = 0;
  while (total >= kBatch || total >= freeable) {
    const std::uint64_t batch = std::min(kBatch, total);
    if (batch == 0) {
      break;
    }
    freed += entry.shrinker->scan_objects(scope, batch);
    memory_.meter().charge(WorkKind::shrink_object, batch);
    scanned += batch;
    total -= batch;
  }
  memory_.vmstat().add(VmEvent::slabs_scanned, scanned);
  const std::uint64_t owed = deferred + delta;
  deferred = std::min(owed > scanned ? owed - scanned : 0, 2 * freeable);
  return freed;
}

std::uint64_t ShrinkSlab::shrink(const ShrinkScope& scope, unsigned priority) {
  std::uint64_t freed = 0;
  for (Entry& entry : entries_) {
    freed += shrink(entry, scope, priority);
  }
  return freed;
}

std::uint64_t ShrinkSlab::drop(NodeId node) {
  std::uint64_t freed = 0;
  for (Entry& entry : entries_) {
    const std::uint64_t objects = entry.shrinker->count_objects(node);
    memory_.meter().charge(WorkKind::shrink_object, objects);
    freed += entry.shrinker->scan_objects(node, objects);
  }
  return freed;
}

std::uint64_t ShrinkSlab::count(NodeId node) const {
  std::uint64_t objects = 0;
  for (const Entry& entry : entries_) {
    objects += entry.shrinker->count_objects(node);
  }
  return objects;
}

}  // namespace gbsim
