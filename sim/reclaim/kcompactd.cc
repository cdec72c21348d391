// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/kcompactd.h"

#include <algorithm>

#include "sim/mm/fragmentation.h"

namespace gbsim {

namespace {

constexpr unsigned kPausesAfterNoGain = 64;  // 1 << COMPACT_MAX_DEFER_SHIFT rounds of 500 ms

}  // namespace

ProactiveMarks proactive_marks(unsigned proactiveness) {
  const unsigned low = std::max(100 - std::min(proactiveness, 100U), 5U);
  return {low, std::min(low + 10, 100U)};
}

Kcompactd::Kcompactd(Memory& memory, Compaction& compaction)
    : memory_(memory), compaction_(compaction), states_(memory.nr_nodes()) {}

bool Kcompactd::wake(NodeId node, Order order) {
  State& state = states_[node.value];
  state.order = std::max(state.order, order);
  const bool slept = !state.busy;
  if (slept) {
    state.busy = true;
    state.next_zone = 0;
    memory_.vmstat().add(VmEvent::compact_daemon_wake);
  }
  return slept;
}

bool Kcompactd::wake_proactively(NodeId node) {
  State& state = states_[node.value];
  const unsigned proactiveness = memory_.tunables().compaction_proactiveness;
  if (state.busy || proactiveness == 0) {
    return false;
  }
  if (state.pauses > 0) {
    --state.pauses;
    return false;
  }
  const unsigned score = fragmentation_score(memory_.zones_of(node));
  if (score <= proactive_marks(proactiveness).high) {
    return false;
  }
  state.busy = true;
  state.proactive = true;
  state.next_zone = 0;
  state.score_before = score;
  return true;
}

bool Kcompactd::wants(const State& state, const Zone& zone) {
  if (zone.managed().value == 0) {
    return false;
  }
  if (state.proactive) {
    return fragmentation_score(zone) > proactive_marks(memory_.tunables().compaction_proactiveness).low;
  }
  return !compaction_.deferred(zone, state.order) && compaction_.suitable(zone, state.order);
}

CompactRequest Kcompactd::request_for(const State& state, Zone& zone, CpuId cpu) const {
  CompactRequest request;
  request.zone = &zone;
  request.order = state.proactive ? Order{0} : state.order;
  request.mode = MigrateMode::sync_light;
  request.cpu = cpu;
  if (state.proactive) {
    request.whole_zone = true;
    request.until_score = proactive_marks(memory_.tunables().compaction_proactiveness).low;
  }
  return request;
}

bool Kcompactd::start_next_zone(State& state, NodeId node, CpuId cpu) {
  const auto zones = memory_.zones_of(node);
  while (state.next_zone < zones.size()) {
    Zone& zone = *zones[state.next_zone++];
    if (wants(state, zone)) {
      state.run = std::make_unique<CompactRun>(memory_, compaction_.migration(), compaction_.cached(zone),
                                               request_for(state, zone, cpu));
      return true;
    }
  }
  return false;
}

void Kcompactd::finish(State& state, NodeId node) {
  if (state.proactive && fragmentation_score(memory_.zones_of(node)) >= state.score_before) {
    state.pauses = kPausesAfterNoGain;
  }
  state.busy = false;
  state.proactive = false;
  state.order = Order{0};
}

bool Kcompactd::step(NodeId node, NrPages budget, CpuId cpu) {
  State& state = states_[node.value];
  if (!state.busy) {
    return false;
  }
  if (!state.run && !start_next_zone(state, node, cpu)) {
    finish(state, node);
    return false;
  }
  if (!state.run->advance(budget)) {
    if (!state.proactive) {
      compaction_.settle(state.run->request(), state.run->outcome());
    }
    state.run.reset();
  }
  return true;
}

}  // namespace gbsim
