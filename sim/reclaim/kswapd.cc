// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/kswapd.h"

#include <algorithm>

#include "sim/mm/fragmentation.h"
#include "sim/mm/tracepoint.h"
#include "sim/reclaim/compact_suitable.h"

namespace gbsim {

namespace {

constexpr Ns kDoze{100'000'000};  // kswapd_try_to_sleep() looks again after HZ/10

}  // namespace

Kswapd::Kswapd(Memory& memory, NodeReclaim& reclaim)
    : memory_(memory), reclaim_(reclaim), states_(memory.nr_nodes()) {}

bool Kswapd::balanced(NodeId node, Order order, ZoneType highest) const {
  bool any_managed = false;
  for (const Zone* zone : memory_.zones_of(node)) {
    if (zone->managed().value == 0 || zone->type() > highest) {
      continue;
    }
    any_managed = true;
    // In defrag_mode only whole pageblocks count, until compaction has enough to do the rest.
    const bool whole_blocks = memory_.tunables().defrag_mode && order.value != 0;
    const NrPages free = whole_blocks ? free_in_pageblocks(*zone) : zone->free_pages_exact();
    if (zone->watermark_ok(WatermarkQuery{order, zone->high_wmark().value, highest, AllocFlags{}},
                           static_cast<std::int64_t>(free.value))) {
      return true;
    }
  }
  return !any_managed;
}

bool Kswapd::needless(NodeId node, Order order, ZoneType highest) const {
  const auto zones = memory_.zones_of(node);
  const bool boosted = std::ranges::any_of(
      zones, [&](const Zone* zone) { return zone->type() <= highest && zone->boost().value != 0; });
  return hopeless(node) || (!boosted && balanced(node, order, highest));
}

bool Kswapd::wake(NodeId node, Order order, ZoneType highest) {
  State& state = states_[node.value];
  state.pending.order = std::max(state.pending.order, order);
  state.pending.highest = std::max(state.pending.highest, std::optional{highest});
  if (state.phase == Phase::working || needless(node, order, highest)) {
    return false;
  }
  if (state.phase == Phase::dozing && memory_.clock().now < state.doze_until) {
    memory_.vmstat().add(VmEvent::kswapd_low_wmark_hit_quickly);
    state.pending.order = std::max(state.pending.order, state.control.order);
    state.pending.highest = std::max(state.pending.highest, std::optional{state.control.highest});
  }
  begin_round(state, node);
  return true;
}

void Kswapd::begin_round(State& state, NodeId node) {
  const ZoneType highest = state.pending.highest.value_or(state.control.highest);
  state.phase = Phase::working;
  state.announced = false;
  state.asked = state.pending.order;
  state.pending = Request{};
  state.control = ScanControl{};
  state.control.node = node;
  state.control.by = ReclaimBy::kswapd;
  state.control.order = state.asked;
  state.control.highest = highest;
  state.pass.reset();
  state.boosts.clear();
  state.boost_left = NrPages{};
  for (Zone* zone : memory_.zones_of(node)) {
    const bool eligible = zone->type() <= highest;
    state.boosts.push_back(eligible ? zone->boost() : NrPages{});
    state.boost_left += state.boosts.back();
    zone->set_reclaim_active(eligible);
  }
  state.boosted = state.boost_left.value != 0;
  memory_.vmstat().add(VmEvent::pageoutrun);
}

void Kswapd::announce(State& state, NodeId node) const {
  if (TracepointSink* sink = memory_.tracepoints(); sink != nullptr && !state.announced) {
    sink->tracepoint(tracepoint::KswapdWake{node, state.asked});
  }
  state.announced = true;
}

void Kswapd::restart(State& state) const { state.control.priority = kDefPriority; }

NrPages Kswapd::goal(const State& state, NodeId node) const {
  NrPages pages;
  for (const Zone* zone : memory_.zones_of(node)) {
    if (zone->managed().value != 0 && zone->type() <= state.control.highest) {
      pages += std::max(zone->high_wmark(), kSwapClusterMax);
    }
  }
  return pages;
}

std::optional<KswapdStep> Kswapd::prepare_pass(State& state, NodeId node, CpuId cpu) {
  ScanControl& control = state.control;
  const bool content = balanced(node, control.order, control.highest);
  if (!content && state.boost_left.value != 0) {
    state.boost_left = NrPages{};  // below the marks for real: the boost must wait
    restart(state);
  }
  if (content && state.boost_left.value == 0) {
    return end_round(state, node);
  }
  // A boost only makes room for whole pageblocks; it is not worth a write.
  control.may_swap = state.boost_left.value == 0;
  control.may_write = control.may_swap || control.priority < kDefPriority - 2;
  control.cpu = cpu;
  control.scanned = NrPages{};
  control.goal = goal(state, node);
  state.reclaimed_before = control.reclaimed;
  reclaim_.scan().age_anon(control);
  state.pass = reclaim_.begin(control);
  return std::nullopt;
}

std::optional<KswapdStep> Kswapd::settle_pass(State& state, NodeId node) {
  ScanControl& control = state.control;
  state.pass.reset();
  if (control.order.value != 0 && control.reclaimed >= compact_gap(control.order)) {
    control.order = Order{0};
  }
  const NrPages freed = control.reclaimed - state.reclaimed_before;
  const bool boost_waits = state.boost_left.value != 0 && control.priority == kDefPriority - 2;
  const bool scanned_enough = control.scanned >= control.goal;
  state.boost_left -= std::min(state.boost_left, freed);
  if (state.boost_left.value != 0 && freed.value == 0) {
    return exhausted(state, node);
  }
  if ((!scanned_enough && !boost_waits) || freed.value == 0) {
    --control.priority;
  }
  return control.priority < 1 ? std::optional{exhausted(state, node)} : std::nullopt;
}

KswapdStep Kswapd::exhausted(State& state, NodeId node) {
  ScanControl& control = state.control;
  const bool in_vain = control.reclaimed.value == 0;
  if (in_vain && control.priority < 1 && !control.no_cache_trim && control.cache_trim_failed) {
    control.no_cache_trim = true;
    restart(state);
    return {KswapdState::working, control.reclaimed, Order{}, Ns{0}, false};
  }
  reclaim_.flags(node).failures += in_vain && !state.boosted ? 1 : 0;
  return end_round(state, node);
}

KswapdStep Kswapd::end_round(State& state, NodeId node) {
  const auto zones = memory_.zones_of(node);
  Order for_boost{};
  for (std::size_t i = 0; i < zones.size(); ++i) {
    zones[i]->set_reclaim_active(false);
    zones[i]->lower_boost(state.boosts[i]);
    for_boost = state.boosted ? zones[i]->orders().pageblock : for_boost;
  }
  reclaim_.balance().snapshot_refaults(node);
  KswapdStep step = try_to_sleep(state, node);
  step.compact_order = std::max(step.compact_order, for_boost);
  return step;
}

KswapdStep Kswapd::try_to_sleep(State& state, NodeId node) {
  KswapdStep step;
  step.reclaimed = state.control.reclaimed;
  const bool order_fell = state.control.order < state.asked;
  const Order told = order_fell ? state.asked : state.pending.order;
  const Order needed = order_fell ? state.control.order : state.pending.order;
  const ZoneType highest = std::max(state.control.highest, state.pending.highest.value_or(ZoneType::dma));
  const bool content = balanced(node, needed, highest);
  if (!content && !hopeless(node)) {
    memory_.vmstat().add(VmEvent::kswapd_high_wmark_hit_quickly);
    begin_round(state, node);
    step.state = KswapdState::working;
    step.next = Ns{0};
    return step;
  }
  state.control.order = needed;
  state.phase = Phase::dozing;
  state.doze_until = memory_.clock().now + kDoze;
  reclaim_.flags(node).writeback = reclaim_.flags(node).writeback && !content;
  reclaim_.flags(node).congested = reclaim_.flags(node).congested && !content;
  step.compact_order = told;
  step.next = state.doze_until;
  step.balanced = true;
  return step;
}

KswapdStep Kswapd::wake_from_doze(State& state, NodeId node) {
  if (memory_.clock().now < state.doze_until) {
    return {KswapdState::asleep, NrPages{}, Order{}, state.doze_until, false};
  }
  if (!hopeless(node) && !balanced(node, state.control.order, state.control.highest)) {
    memory_.vmstat().add(VmEvent::kswapd_high_wmark_hit_quickly);
    begin_round(state, node);
    return {KswapdState::working, NrPages{}, Order{}, Ns{0}, false};
  }
  state.phase = Phase::asleep;
  if (TracepointSink* sink = memory_.tracepoints()) {
    sink->tracepoint(tracepoint::KswapdSleep{node});
  }
  return {};
}

KswapdStep Kswapd::step(NodeId node, NrPages budget, CpuId cpu) {
  State& state = states_[node.value];
  if (state.phase == Phase::asleep) {
    return {};
  }
  if (state.phase == Phase::dozing) {
    return wake_from_doze(state, node);
  }
  announce(state, node);
  if (!state.pass) {
    if (const auto end = prepare_pass(state, node, cpu)) {
      return *end;
    }
  }
  state.control.cpu = cpu;
  KswapdStep step{KswapdState::working, state.control.reclaimed, Order{}, Ns{0}, false};
  if (reclaim_.advance(state.control, *state.pass, budget)) {
    return step;
  }
  step.reclaimed = state.control.reclaimed;
  const Ns pause = reclaim_.writeback_pause(state.control);
  if (const auto end = settle_pass(state, node)) {
    return *end;
  }
  step.next = pause == Ns{0} ? Ns{0} : memory_.clock().now + pause;
  return step;
}

}  // namespace gbsim
