// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/kcompactd.h"

#include <algorithm>

#include "sim/mm/fragmentation.h"
#include "sim/mm/tracepoint.h"

namespace gbsim {

namespace {

constexpr unsigned kPausesAfterNoGain = 64;  // 1 << COMPACT_MAX_DEFER_SHIFT rounds of 500 ms
constexpr unsigned kLeeway = 10;             // between the marks

}  // namespace

ProactiveMarks proactive_marks(unsigned proactiveness) {
  const unsigned low = std::max(100 - std::min(proactiveness, 100U), 5U);
  return {low, std::min(low + kLeeway, 100U)};
}

Kcompactd::Kcompactd(Memory& memory, Compaction& compaction)
    : memory_(memory), compaction_(compaction), states_(memory.nr_nodes()) {}

CompactRequest Kcompactd::request_for(const State& state, Zone& zone, CpuId cpu) const {
  CompactRequest request;
  request.zone = &zone;
  request.order = state.order;
  request.type = Migratetype::unmovable;  // GFP_KERNEL
  request.mode = MigrateMode::sync_light;
  request.cpu = cpu;
  request.highest = std::max(zone.type(), ZoneType::normal);
  request.daemon = true;
  const bool whole_blocks = memory_.tunables().defrag_mode;
  request.flags = AllocFlags{whole_blocks ? Watermark::high : Watermark::min};
  if (state.job == Job::proactive) {
    request.order = Order{0};
    request.whole_zone = true;
    request.ignore_skip = true;
    request.until_score = proactive_marks(memory_.tunables().compaction_proactiveness).low;
  }
  return request;
}

bool Kcompactd::node_suitable(NodeId node, Order order) const {
  State probe;
  probe.order = order;
  return std::ranges::any_of(memory_.zones_of(node), [&](Zone* zone) {
    return zone->managed() != NrPages{} && !compaction_.verdict(request_for(probe, *zone, CpuId{}));
  });
}

bool Kcompactd::is_kswapd_running(NodeId node) const {
  return std::ranges::any_of(memory_.zones_of(node), [](const Zone* zone) { return zone->reclaim_active(); });
}

void Kcompactd::begin(State& state, Job job) {
  state.job = job;
  state.next_zone = 0;
  state.order = job == Job::order ? state.wanted : Order{0};
}

bool Kcompactd::wake(NodeId node, Order order) {
  State& state = states_[node.value];
  state.wanted = std::max(state.wanted, order);
  if (order == Order{0} || state.job != Job::none || !node_suitable(node, state.wanted)) {
    return false;
  }
  state.pauses = 0;
  begin(state, Job::order);
  memory_.vmstat().add(VmEvent::compact_daemon_wake);
  if (TracepointSink* sink = memory_.tracepoints()) {
    sink->tracepoint(tracepoint::KcompactdWanted{node, state.wanted});
  }
  return true;
}

bool Kcompactd::wake_proactively(NodeId node) {
  State& state = states_[node.value];
  const unsigned proactiveness = memory_.tunables().compaction_proactiveness;
  if (state.job != Job::none) {
    return false;
  }
  if (state.pauses > 0) {
    --state.pauses;
    return false;
  }
  if (proactiveness == 0 || is_kswapd_running(node)) {
    return false;
  }
  const unsigned score = fragmentation_score(memory_.zones_of(node));
  if (score <= proactive_marks(proactiveness).high) {
    return false;
  }
  begin(state, Job::proactive);
  state.score_before = score;
  return true;
}

bool Kcompactd::wants(const State& state, const CompactRequest& request) {
  if (request.zone->managed() == NrPages{}) {
    return false;
  }
  if (state.job == Job::proactive) {
    return true;
  }
  CompactRequest near = request;
  near.highest = request.zone->type();  // the zone's own need first: nobody else's reserve
  return !compaction_.cached(*request.zone).deferred(request.order) && !compaction_.verdict(near) &&
         !compaction_.verdict(request);
}

bool Kcompactd::start_next_zone(State& state, NodeId node, CpuId cpu) {
  const auto zones = memory_.zones_of(node);
  if (TracepointSink* sink = memory_.tracepoints();
      sink != nullptr && state.job == Job::order && state.next_zone == 0) {
    sink->tracepoint(tracepoint::KcompactdWake{node, state.order});
  }
  while (state.next_zone < zones.size()) {
    Zone& zone = *zones[state.next_zone++];
    const CompactRequest request = request_for(state, zone, cpu);
    if (wants(state, request)) {
      state.run = std::make_unique<CompactRun>(memory_, compaction_.migration(), compaction_.cached(zone), request);
      return true;
    }
  }
  return false;
}

void Kcompactd::settle_zone(State& state) {
  const CompactOutcome outcome = state.run->outcome();
  if (state.job == Job::order) {
    compaction_.settle(state.run->request(), outcome);
  }
  if (state.job == Job::order && (outcome == CompactOutcome::complete || outcome == CompactOutcome::partial)) {
    memory_.drain_all_pcp();  // blocks stranded on per-CPU lists could still merge; deferral limits how often
  }
  state.run.reset();
}

/** The job is done; true if another request came in meanwhile. */
bool Kcompactd::finish(State& state, NodeId node) {
  if (state.job == Job::proactive && fragmentation_score(memory_.zones_of(node)) >= state.score_before) {
    state.pauses = kPausesAfterNoGain;
  }
  const bool more = state.wanted > state.order;
  state.wanted = more ? state.wanted : Order{0};
  state.job = Job::none;
  if (more && wake(node, state.wanted)) {
    return true;
  }
  if (TracepointSink* sink = memory_.tracepoints()) {
    sink->tracepoint(tracepoint::KcompactdSleep{node});
  }
  return false;
}

bool Kcompactd::step(NodeId node, NrPages budget, CpuId cpu) {
  State& state = states_[node.value];
  if (state.job == Job::none) {
    return false;
  }
  if (!state.run && !start_next_zone(state, node, cpu)) {
    return finish(state, node);
  }
  if (!state.run->advance(budget)) {
    settle_zone(state);
  }
  return true;
}

}  // namespace gbsim
