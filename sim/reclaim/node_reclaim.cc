// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/node_reclaim.h"

#include <algorithm>

#include "sim/reclaim/compact_suitable.h"

namespace gbsim {

namespace {

constexpr Ns kJiffy{4'000'000};  // HZ=250: what VMSCAN_THROTTLE_CONGESTED and _NOPROGRESS wait
constexpr Ns kWritebackTimeout{100'000'000};  // VMSCAN_THROTTLE_WRITEBACK: HZ/10
constexpr NrPages kWholePass{~std::uint64_t{0} >> 1};

// Reclaim for a larger order goes on until compaction has enough to work with: in_reclaim_compaction().
bool reclaims_for_compaction(const ScanControl& control) {
  return control.order.value != 0 && (control.order > kCostlyOrder || control.priority < kDefPriority - 2);
}

}  // namespace

NodeReclaim::NodeReclaim(Memory& memory, LruScan& scan, ScanBalance& balance, ShrinkSlab& slab, Writeback& writeback)
    : memory_(memory), scan_(scan), balance_(balance), slab_(slab), writeback_(writeback), flags_(memory.nr_nodes()) {}

NodePass NodeReclaim::begin(ScanControl& control) const {
  control.tally = ScanTally{};
  return {scan_.begin(control), control.reclaimed, control.reclaimed};
}

bool NodeReclaim::advance(ScanControl& control, NodePass& pass, NrPages budget) {
  if (scan_.advance(control, pass.lists, flags(control.node), budget)) {
    return true;
  }
  control.reclaimed += shrink_slab(control);
  note_conditions(control, pass);
  if (!should_continue(control, pass)) {
    const bool freed = control.reclaimed != pass.reclaimed_at_start;
    flags(control.node).failures = freed ? 0 : flags(control.node).failures;
    control.cache_trim_failed = control.cache_trim_failed || (!freed && pass.lists.plan.cache_trim);
    return false;
  }
  const NrPages start = pass.reclaimed_at_start;
  pass = begin(control);
  pass.reclaimed_at_start = start;
  return true;
}

void NodeReclaim::shrink(ScanControl& control) {
  NodePass pass = begin(control);
  while (advance(control, pass, kWholePass)) {
  }
}

// Whole pages that the shrinkers gave back count as reclaimed, as reclaim_state does in the kernel.
NrPages NodeReclaim::shrink_slab(const ScanControl& control) {
  const std::uint64_t before = memory_.vmstat().get(VmEvent::pgfree);
  slab_.shrink(control.node, control.priority);
  return NrPages{memory_.vmstat().get(VmEvent::pgfree) - before};
}

void NodeReclaim::note_conditions(ScanControl& control, const NodePass& pass) {
  const ScanTally& tally = control.tally;
  NodeFlags& node = flags(control.node);
  if (control.by == ReclaimBy::kswapd) {
    node.writeback = node.writeback || (tally.writeback.value != 0 && tally.writeback == tally.taken);
    node.congested = node.congested || (tally.dirty.value != 0 && tally.dirty == tally.congested);
  } else if (node.congested && control.reclaimed == pass.reclaimed_before) {
    pause(control);
  }
}

bool NodeReclaim::should_continue(const ScanControl& control, const NodePass& pass) const {
  if (!reclaims_for_compaction(control) || control.reclaimed == pass.reclaimed_before) {
    return false;
  }
  for (const Zone* zone : memory_.zones_of(control.node)) {
    if (zone->managed().value == 0 || zone->type() > control.highest) {
      continue;
    }
    if (zone->watermark_ok(control.order, zone->min_wmark(), control.highest, AllocFlags{}) ||
        compaction_suitable(*zone, control.order, zone->min_wmark(), control.highest, memory_.tunables())) {
      return false;
    }
  }
  const LruVec& lru = memory_.lru(control.node);
  NrPages inactive = lru.size(LruList::inactive_file);
  inactive += balance_.can_swap(control) ? lru.size(LruList::inactive_anon) : NrPages{};
  return inactive > compact_gap(control.order);
}

bool NodeReclaim::waiting_helps(NodeId node) const {
  const NrPages pending = writeback_.dirty() + writeback_.under_writeback();
  return writeback_.next_completion() != Ns::max() && pending * 2 > reclaimable_pages(node, true);
}

void NodeReclaim::pause(ScanControl& control) {
  if (!waiting_helps(control.node)) {
    return;
  }
  memory_.meter().charge_time(kJiffy);
  control.waited += kJiffy;
  writeback_.complete(memory_.clock().now + control.waited);
}

void NodeReclaim::throttle_no_progress(ScanControl& control) {
  if (control.priority == 1 && control.reclaimed.value == 0) {
    pause(control);
  }
}

Ns NodeReclaim::writeback_pause(const ScanControl& control) const {
  const Ns next = writeback_.next_completion();
  if (control.tally.immediate.value == 0 || next == Ns::max()) {
    return Ns{0};
  }
  return std::clamp(next - memory_.clock().now, Ns{0}, kWritebackTimeout);
}

NrPages NodeReclaim::reclaimable_pages(NodeId node, bool can_swap) const {
  const LruVec& lru = memory_.lru(node);
  NrPages pages = lru.size(LruList::inactive_file) + lru.size(LruList::active_file);
  if (can_swap) {
    pages += lru.size(LruList::inactive_anon) + lru.size(LruList::active_anon);
  }
  return pages;
}

}  // namespace gbsim
