// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/workingset.h"

#include <bit>

#include "sim/base/check.h"

namespace gbsim {

namespace {

// Shadow layout: bit 0 present, bit 1 was workingset, bits 2-4 node, the rest the age in buckets.
constexpr unsigned kNodeShift = 2;
constexpr unsigned kAgeShift = 5;
constexpr unsigned kAgeBits = 32 - kAgeShift;
constexpr std::uint64_t kAgeMask = (std::uint64_t{1} << kAgeBits) - 1;
constexpr unsigned kMaxNodes = 8;

/** Ages wrap after sixteen times the memory, so that an old shadow rarely looks young. */
unsigned bucket_order_for(NrPages managed) {
  const auto bits = static_cast<unsigned>(std::bit_width(managed.value)) + 4;
  return bits > kAgeBits ? bits - kAgeBits : 0;
}

bool is_file(const Folio& folio) { return !folio.has(kSwapBacked); }

}  // namespace

Workingset::Workingset(Memory& memory)
    : memory_(memory),
      bucket_order_(bucket_order_for(memory.managed())),
      ages_(memory.nr_nodes(), std::uint64_t{1} << bucket_order_),  // so that no shadow equals kNoTrace
      activated_(memory.nr_nodes()) {
  GBSIM_CHECK(memory.nr_nodes() <= kMaxNodes);
}

Shadow Workingset::evict(const Folio& folio) {
  const NodeId node = memory_.node_of(folio);
  const std::uint64_t bucket = (ages_[node.value] >> bucket_order_) & kAgeMask;
  age(node, folio.order.pages());
  const Shadow workingset = folio.has(kWorkingset) ? 2U : 0U;
  return static_cast<Shadow>(bucket << kAgeShift) | static_cast<Shadow>(node.value) << kNodeShift | workingset | 1U;
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

Refault Workingset::refault(Shadow shadow, const Folio& folio) {
  const bool file = is_file(folio);
  const NodeId node{(shadow >> kNodeShift) & (kMaxNodes - 1)};
  const std::uint64_t now = (ages_[node.value] >> bucket_order_) & kAgeMask;
  const std::uint64_t distance = ((now - (shadow >> kAgeShift)) & kAgeMask) << bucket_order_;
  const NrPages pages = folio.order.pages();
  Vmstat& vmstat = memory_.vmstat();
  vmstat.add(file ? VmEvent::workingset_refault_file : VmEvent::workingset_refault_anon, pages.value);
  if (distance > workingset_size(node, file)) {
    return {};
  }
  const bool was_workingset = (shadow & 2U) != 0;
  const NodeId home = memory_.node_of(folio);
  vmstat.add(file ? VmEvent::workingset_activate_file : VmEvent::workingset_activate_anon, pages.value);
  vmstat.add(file ? VmEvent::workingset_restore_file : VmEvent::workingset_restore_anon,
             was_workingset ? pages.value : 0);
  activated_[home.value][file ? 1 : 0] += pages.value;
  age(home, pages);
  return {true, was_workingset};
}

}  // namespace gbsim
