// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/workingset.h"

namespace gbsim {

namespace {

// Shadow layout: bit 0 present, bit 1 was workingset, bits 2-4 node, the rest the age in buckets.
constexpr unsigned kNodeShift = 2;
constexpr unsigned kAgeShift = 5;
constexpr unsigned kBucketOrder = 6;  // 64 pages: 27 bits of age cover 32 TiB of evictions before they wrap
constexpr std::uint64_t kAgeMask = (std::uint64_t{1} << (32 - kAgeShift)) - 1;

bool is_file(const Folio& folio) {
  return !folio.has(kSwapBacked);
}

}  // namespace

Workingset::Workingset(Memory& memory) : memory_(memory), ages_(memory.nr_nodes()) {}

Shadow Workingset::evict(const Folio& folio) {
  const NodeId node = memory_.node_of(folio);
  const std::uint64_t bucket = (ages_[node.value] >> kBucketOrder) & kAgeMask;
  age(node, folio.order.pages());
  const unsigned workingset = folio.has(kWorkingset) ? 2U : 0U;
  return static_cast<Shadow>(bucket << kAgeShift) | (static_cast<Shadow>(node.value) & 7U) << kNodeShift | workingset |
         1U;
}

std::uint64_t Workingset::workingset_size(NodeId node, bool file) const {
  const LruVec& lru = memory_.lru(node);
  std::uint64_t size = lru.size(LruList::active_file).value;
  if (!file) {
    size += lru.size(LruList::inactive_file).value;
  }
  if (memory_.tunables().swap_bytes != 0) {
    size += lru.size(LruList::active_anon).value + (file ? lru.size(LruList::inactive_anon).value : 0);
  }
  return size;
}

bool Workingset::refault(Shadow shadow, const Folio& folio) {
  const bool file = is_file(folio);
  const NodeId node{static_cast<std::uint16_t>((shadow >> kNodeShift & 7U) % memory_.nr_nodes())};
  const std::uint64_t now = (ages_[node.value] >> kBucketOrder) & kAgeMask;
  const std::uint64_t distance = ((now - (shadow >> kAgeShift)) & kAgeMask) << kBucketOrder;
  const std::uint64_t pages = folio.order.pages().value;
  Vmstat& vmstat = memory_.vmstat();
  vmstat.add(file ? VmEvent::workingset_refault_file : VmEvent::workingset_refault_anon, pages);
  if (distance > workingset_size(node, file)) {
    return false;
  }
  vmstat.add(file ? VmEvent::workingset_activate_file : VmEvent::workingset_activate_anon, pages);
  if ((shadow & 2U) != 0) {
    vmstat.add(file ? VmEvent::workingset_restore_file : VmEvent::workingset_restore_anon, pages);
  }
  age(node, folio.order.pages());
  return true;
}

}  // namespace gbsim
