// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/kswapd.h"

#include <algorithm>

namespace gbsim {

namespace {

/** Pages that let compaction make a block of @order: compact_gap(). */
NrPages compact_gap(Order order) {
  return order.pages() * 2;
}

}  // namespace

Kswapd::Kswapd(Memory& memory, LruScan& scan, ShrinkSlab& slab, Writeback& writeback)
    : memory_(memory), scan_(scan), slab_(slab), writeback_(writeback), states_(memory.nr_nodes()) {}

bool Kswapd::wake(NodeId node, Order order, ZoneType highest) {
  State& state = states_[node.value];
  state.order = std::max(state.order, order);
  state.highest = std::max(state.highest, highest);
  const bool slept = !state.awake;
  if (slept) {
    state.awake = true;
    begin(state, node);
  }
  return slept;
}

void Kswapd::begin(State& state, NodeId node) {
  state.goal_order = state.order;
  state.priority = kDefPriority;
  state.reclaimed = NrPages{};
  state.boost = 0;
  for (Zone* zone : memory_.zones_of(node)) {
    state.boost += zone->boost().value;
    zone->set_boost_pending(false);
  }
  state.boosted = state.boost != 0;
  memory_.vmstat().add(VmEvent::pageoutrun);
}

bool Kswapd::balanced(const State& state, NodeId node) const {
  bool any_managed = false;
  for (const Zone* zone : memory_.zones_of(node)) {
    if (zone->managed().value == 0 || zone->type() > state.highest) {
      continue;
    }
    any_managed = true;
    const NrPages mark = memory_.tunables().defrag_mode ? zone->high_wmark() + zone->orders().pageblock.pages()
                                                        : zone->high_wmark();
    if (zone->watermark_ok(state.goal_order, mark, state.highest, AllocFlags{})) {
      return true;
    }
  }
  return !any_managed;
}

ScanControl Kswapd::control_for(const State& state, NodeId node, CpuId cpu) const {
  ScanControl control;
  control.node = node;
  control.cpu = cpu;
  control.by = ReclaimBy::kswapd;
  control.order = state.goal_order;
  control.highest = state.highest;
  control.priority = state.priority;
  // Boosting must not swap or write: it only makes room for whole pageblocks.
  control.may_swap = state.boost == 0;
  control.may_write = state.boost == 0;
  return control;
}

void Kswapd::reclaim_round(State& state, NodeId node, NrPages budget, CpuId cpu) {
  ScanControl control = control_for(state, node, cpu);
  NrPages goal;
  for (const Zone* zone : memory_.zones_of(node)) {
    if (zone->managed().value != 0 && zone->type() <= state.highest) {
      goal += std::max(zone->high_wmark(), kSwapClusterMax);
    }
  }
  control.goal = std::min(goal, budget);
  scan_.age_anon(control);
  scan_.shrink(control);
  slab_.shrink(node, state.priority);
  state.reclaimed += control.reclaimed;
  state.boost -= std::min(state.boost, control.reclaimed.value);
  if (state.goal_order.value != 0 && state.reclaimed >= compact_gap(state.goal_order)) {
    state.goal_order = Order{0};
  }
  const bool slow = control.scanned < control.goal || control.reclaimed.value == 0;
  if (slow && state.priority > 0) {
    --state.priority;
  }
  if (control.dirty > control.goal / 2) {
    writeback_.flush(control.goal);
  }
}

KswapdStep Kswapd::finish(State& state, NodeId node) {
  KswapdStep step;
  step.reclaimed = state.reclaimed;
  step.compact_order = state.order;
  if (state.boosted) {
    for (Zone* zone : memory_.zones_of(node)) {
      zone->clear_boost();
      step.compact_order = std::max(step.compact_order, zone->orders().pageblock);
    }
  }
  state.failures = state.reclaimed.value == 0 ? state.failures + 1 : 0;
  state.awake = false;
  state.order = Order{0};
  state.highest = ZoneType::dma;
  return step;
}

KswapdStep Kswapd::step(NodeId node, NrPages budget, CpuId cpu) {
  State& state = states_[node.value];
  if (!state.awake) {
    return {};
  }
  const bool enough = balanced(state, node);
  if ((enough && state.boost == 0) || state.priority == 0 || (state.boost != 0 && enough && state.priority < 10)) {
    return finish(state, node);
  }
  if (!enough) {
    state.boost = 0;  // below the marks for real: boosting must wait
  }
  reclaim_round(state, node, budget, cpu);
  return {KswapdState::working, state.reclaimed, Order{0}};
}

}  // namespace gbsim
