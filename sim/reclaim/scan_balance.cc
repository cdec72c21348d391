// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/scan_balance.h"

#include "sim/mm/watermark.h"

namespace gbsim {

namespace {

constexpr std::uint64_t kMaxSwappiness = 200;

constexpr std::size_t at(LruKind kind) { return static_cast<std::size_t>(kind); }

constexpr std::array kLists{LruList::inactive_anon, LruList::active_anon, LruList::inactive_file,
                            LruList::active_file};

/** How a pass is split between anon and file memory: enum scan_balance. */
enum class Split : std::uint8_t { file_only, anon_only, equal, by_cost };

}  // namespace

ScanBalance::ScanBalance(Memory& memory, const Swap& swap, const Workingset& workingset)
    : memory_(memory), swap_(swap), workingset_(workingset), nodes_(memory.nr_nodes()) {}

bool ScanBalance::inactive_is_low(NodeId node, LruKind kind) const {
  const LruVec& lru = memory_.lru(node);
  const std::uint64_t inactive = lru.size(inactive_list(kind)).value;
  const std::uint64_t active = lru.size(active_list(kind)).value;
  const std::uint64_t gigabytes = (inactive + active) * kPageSize >> 30;
  const std::uint64_t ratio = gigabytes == 0 ? 1 : integer_sqrt(10 * gigabytes);
  return inactive * ratio < active;
}

// One page of device time weighs as much as scanning a whole batch in vain.
void ScanBalance::note_cost(NodeId node, LruKind kind, NrPages io, NrPages rotated) {
  auto& cost = nodes_[node.value].cost;
  cost[at(kind)] += io.value * kSwapClusterMax.value + rotated.value;
  const LruVec& lru = memory_.lru(node);
  std::uint64_t size = 0;
  for (const LruList list : kLists) {
    size += lru.size(list).value;
  }
  if (cost[0] + cost[1] > size / 4) {
    cost[0] /= 2;
    cost[1] /= 2;
  }
}

void ScanBalance::snapshot_refaults(NodeId node) {
  for (const LruKind kind : {LruKind::anon, LruKind::file}) {
    nodes_[node.value].refaults[at(kind)] = workingset_.activated(node, kind == LruKind::file);
  }
}

bool ScanBalance::may_deactivate(const ScanControl& control, LruKind kind) const {
  const std::uint64_t refaults = workingset_.activated(control.node, kind == LruKind::file);
  return control.force_deactivate || refaults != nodes_[control.node.value].refaults[at(kind)] ||
         inactive_is_low(control.node, kind);
}

bool ScanBalance::file_is_tiny(const ScanControl& control, const ScanPlan& plan) const {
  const LruVec& lru = memory_.lru(control.node);
  NrPages file = lru.size(LruList::inactive_file) + lru.size(LruList::active_file);
  NrPages high;
  for (const Zone* zone : memory_.zones_of(control.node)) {
    file += zone->free_pages();
    high += zone->high_wmark();
  }
  const bool anon_is_worth_it = lru.size(LruList::inactive_anon).value >> control.priority != 0;
  return file <= high && !plan.deactivate[at(LruKind::anon)] && anon_is_worth_it;
}

std::uint64_t ScanBalance::eligible(const ScanControl& control, LruList list) const {
  std::uint64_t pages = 0;
  for (const Zone* zone : memory_.zones_of(control.node)) {
    pages += zone->type() <= control.highest ? memory_.lru(control.node).size(list, zone->index()).value : 0;
  }
  return pages;
}

std::array<std::uint64_t, 2> ScanBalance::fractions(NodeId node) const {
  const auto& cost = nodes_[node.value].cost;
  const std::uint64_t swappiness = memory_.tunables().swappiness;
  const std::uint64_t total = cost[0] + cost[1];
  const std::uint64_t anon = swappiness * (3 * total + 1) / (total + cost[0] + 1);
  const std::uint64_t file = (kMaxSwappiness - swappiness) * (3 * total + 1) / (total + cost[1] + 1);
  return {anon, file};
}

ScanPlan ScanBalance::plan(const ScanControl& control) const {
  ScanPlan plan;
  plan.deactivate = {may_deactivate(control, LruKind::anon), may_deactivate(control, LruKind::file)};
  const std::uint64_t inactive_file = memory_.lru(control.node).size(LruList::inactive_file).value;
  plan.cache_trim = inactive_file >> control.priority != 0 && !plan.deactivate[at(LruKind::file)] &&
                    !control.no_cache_trim;
  Split split = Split::by_cost;
  if (!can_swap(control)) {
    split = Split::file_only;
  } else if (control.priority == 0 && memory_.tunables().swappiness != 0) {
    split = Split::equal;
  } else if (file_is_tiny(control, plan)) {
    split = Split::anon_only;
  } else if (plan.cache_trim) {
    split = Split::file_only;
  }
  const auto share = fractions(control.node);
  for (const LruList list : kLists) {
    const LruKind kind = kind_of(list);
    std::uint64_t pages = eligible(control, list) >> control.priority;
    if (split == Split::by_cost) {
      pages = pages * share[at(kind)] / (share[0] + share[1]);
    } else if (split != Split::equal) {
      pages = (split == Split::file_only) == (kind == LruKind::file) ? pages : 0;
    }
    plan.targets[static_cast<std::size_t>(list)] = pages;
  }
  return plan;
}

}  // namespace gbsim
