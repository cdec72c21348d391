// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_relief.h"

#include <algorithm>
#include <limits>

#include "sim/allocator/page_allocator.h"
#include "sim/mm/pcp_rules.h"

namespace gbsim {

namespace {

constexpr std::uint64_t kTooFar = std::numeric_limits<std::uint64_t>::max();

/** Pages that a drain takes off the CPU's lists while reclaim works on the zone: nr_pcp_high(). */
int reclaim_excess(const PcpLists& pcp) { return std::max(pcp.count - (pcp.batch << 2), 0); }

/** Has most of those. */
CpuId fullest_cpu(const Zone& zone) {
  CpuId fullest{0};
  for (unsigned cpu = 1; cpu < zone.nr_cpus(); ++cpu) {
    if (reclaim_excess(zone.pcp(CpuId{cpu})) > reclaim_excess(zone.pcp(fullest))) {
      fullest = CpuId{cpu};
    }
  }
  return fullest;
}

std::int64_t reclaim_excess(const Zone& zone) {
  std::int64_t pages = 0;
  for (unsigned cpu = 0; cpu < zone.nr_cpus(); ++cpu) {
    pages += reclaim_excess(zone.pcp(CpuId{cpu}));
  }
  return pages;
}

}  // namespace

RecordedRelief::RecordedRelief(Memory& memory)
    : memory_(memory), nodes_(memory.nr_nodes()), boost_factor_(memory.tunables().watermark_boost_factor) {}

bool RecordedRelief::balanced(NodeId node, Order order, ZoneType highest) const {
  return std::ranges::any_of(memory_.zones_of(node), [&](const Zone* zone) {
    const WatermarkQuery query{order, zone->high_wmark().value, highest, AllocFlags{}};
    return zone->managed() != NrPages{} && zone->type() <= highest &&
           zone->watermark_ok(query, static_cast<std::int64_t>(zone->free_pages_exact().value));
  });
}

/**
 * Pages that one round over the LRU lists reclaims before kswapd looks again. The classic LRU stops after a few;
 * lru_gen goes on for as many as the high watermarks add up to.
 */
NrPages RecordedRelief::round_pages(NodeId node, ZoneType highest) const {
  constexpr std::uint64_t kClusterMax = 32;  // SWAP_CLUSTER_MAX
  NrPages pages;
  for (const Zone* zone : memory_.zones_of(node)) {
    const bool counts = zone->type() <= highest && zone->rules().lru_gen;
    pages += counts ? std::max(zone->high_wmark(), NrPages{kClusterMax}) : NrPages{};
  }
  return pages;
}

/** Then lru_gen stops within a round. */
bool RecordedRelief::all_safe(NodeId node, ZoneType highest) const {
  constexpr std::uint64_t kLruBatch = 64;  // MIN_LRU_BATCH
  return std::ranges::all_of(memory_.zones_of(node), [&](const Zone* zone) {
    const NrPages mark = zone->high_wmark() + NrPages{kLruBatch};
    return zone->type() > highest || zone->watermark_ok(Order{0}, mark, highest, AllocFlags{});
  });
}

bool RecordedRelief::is_done(NodeId id) const {
  const Node& node = nodes_[id.value];
  const std::uint64_t frees = memory_.frees();
  return frees >= node.done_at && (frees >= node.round_ends || all_safe(id, node.highest)) &&
         balanced(id, Order{0}, node.highest);
}

void RecordedRelief::set_active(NodeId node, ZoneType highest, bool active) {
  for (Zone* zone : memory_.zones_of(node)) {
    if (zone->type() <= highest) {
      zone->set_reclaim_active(active);
    }
  }
}

void RecordedRelief::wake_kswapd(Zone& zone, const PageRequest& request) {
  Node& node = nodes_[zone.node().value];
  const ZoneType highest = zone.type();
  if (node.awake) {
    node.highest = std::max(node.highest, highest);
    return;
  }
  if (boosts(zone.node(), highest) != NrPages{} || !balanced(zone.node(), request.order, highest)) {
    begin(zone.node(), highest);
  }
}

void RecordedRelief::begin(NodeId id, ZoneType highest) {
  Node& node = nodes_[id.value];
  busy_ += node.dozing ? 0 : 1;
  node = Node{.awake = true, .highest = highest, .done_at = memory_.frees() + boosts(id, highest).value};
  for (const Zone* zone : memory_.zones_of(id)) {
    node.boosts.push_back(zone->type() <= highest ? zone->boost() : NrPages{});
  }
  node.round_ends = memory_.frees() + round_pages(id, highest).value;
  set_active(id, highest, true);
  set_thresholds(id, true);
}

/** Counters are kept in other steps while kswapd is up. */
void RecordedRelief::set_thresholds(NodeId node, bool under_pressure) {
  for (Zone* zone : memory_.zones_of(node)) {
    const unsigned cpus = memory_.nr_cpus();
    zone->free_stat().set_threshold(under_pressure ? pressure_threshold(cpus, zone->low_wmark(), zone->min_wmark())
                                                   : stat_threshold(cpus, zone->managed()));
  }
}

NrPages RecordedRelief::boosts(NodeId node, ZoneType highest) const {
  NrPages sum;
  for (const Zone* zone : memory_.zones_of(node)) {
    sum += zone->type() <= highest ? zone->boost() : NrPages{};
  }
  return sum;
}

WatermarkQuery RecordedRelief::query(const Zone& zone, const PageRequest& request, AllocFlags flags) {
  return {request.order, zone.wmark(flags.watermark()).value, highest_zone(request.gfp), flags};
}

std::uint64_t RecordedRelief::misjudged_by(const Zone& zone, const WatermarkQuery& query, bool is_enough) {
  const std::int64_t exact = zone.free_stat().exact();
  for (std::int64_t off = 0; off <= zone.free_stat().drift(); ++off) {
    if (zone.watermark_ok(query, is_enough ? exact + off : exact - off) == is_enough) {
      return static_cast<std::uint64_t>(off);
    }
  }
  return kTooFar;
}

bool RecordedRelief::can_be(const Zone& zone, const WatermarkQuery& query, bool is_enough) {
  return misjudged_by(zone, query, is_enough) != kTooFar;
}

bool RecordedRelief::recount(Zone& zone, const WatermarkQuery& query, bool is_enough) {
  const std::uint64_t off = misjudged_by(zone, query, is_enough);
  if (off != kTooFar) {
    const auto distance = static_cast<std::int64_t>(off);
    zone.free_stat().assume_global(zone.free_stat().exact() + (is_enough ? distance : -distance));
  }
  return off != kTooFar;
}

void RecordedRelief::learn_short(Zone& zone, const WatermarkQuery& query) {
  if (recount(zone, query, false)) {
    return;
  }
  const auto is_short = [&] {
    const WatermarkQuery boosted{query.order, zone.low_wmark().value, query.highest, query.flags};
    return !zone.watermark_ok(boosted, zone.free_stat().exact());
  };
  const NrPages had = zone.boost();
  for (NrPages before = had; !is_short(); before = zone.boost()) {
    zone.boost_watermark(boost_factor_);
    if (zone.boost() == before) {
      return zone.lower_boost(before - had);
    }
  }
  if (!boosts_after(+1)) {
    return zone.lower_boost(zone.boost() - had);
  }
  if (!nodes_[zone.node().value].awake) {
    begin(zone.node(), zone.type());
  }
}

bool RecordedRelief::drain_for(Zone& zone, const WatermarkQuery& query) {
  if (can_be(zone, query, true) || !zone.watermark_ok(query, zone.free_stat().exact() + reclaim_excess(zone))) {
    return false;
  }
  for (CpuId cpu = fullest_cpu(zone); !zone.watermark_ok(query, zone.free_stat().exact()); cpu = fullest_cpu(zone)) {
    const PcpLists& pcp = zone.pcp(cpu);
    if (reclaim_excess(pcp) == 0) {
      break;  // what went to isolated pageblocks does not count
    }
    zone.run_on(cpu);
    drain_bulk(zone, cpu, std::min(reclaim_excess(pcp), pcp.batch), 0);
  }
  return true;
}

void RecordedRelief::learn_enough(Zone& zone, const WatermarkQuery& query) {
  if (!recount(zone, query, true) && zone.boost() != NrPages{}) {
    forget_boost(zone);
  }
}

/** kswapd has not freed what the boost asked for: either it gave up, or this machine does not boost watermarks. */
void RecordedRelief::forget_boost(Zone& zone) {
  zone.clear_boost();
  nodes_[zone.node().value].done_at = memory_.frees();
  boosts_after(-1);
}

/**
 * One more sign for (or against) boosts; whether the machine is taken for one that boosts. Some signs mislead: it takes
 * a few to change our mind, and the more the more often that was wrong.
 */
bool RecordedRelief::boosts_after(int sign) {
  constexpr unsigned kSigns = 3;
  unsigned& factor = memory_.tunables().watermark_boost_factor;
  const bool boosts = factor != 0;
  contrary_ = (sign > 0) != boosts ? contrary_ + 1 : contrary_ - std::min(contrary_, 1U);
  if (contrary_ >= (boosts ? kSigns : kSigns << times_off_)) {
    contrary_ = 0;
    times_off_ += boosts ? 1 : 0;
    factor = boosts ? 0 : boost_factor_;
  }
  return factor != 0;
}

void RecordedRelief::settle(Ns now) {
  for (std::size_t i = 0; busy_ != 0 && i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    const NodeId id{i};
    if (node.awake && is_done(id)) {
      end(id, now);
    }
    if (node.dozing && now >= node.dozing_until) {
      node.dozing = false;
      --busy_;
      set_thresholds(id, false);
    }
  }
}

void RecordedRelief::end(NodeId id, Ns now) {
  constexpr Ns kDoze{100'000'000};
  Node& node = nodes_[id.value];
  node.awake = false;
  node.dozing = true;
  node.dozing_until = now + kDoze;
  set_active(id, node.highest, false);
  const auto zones = memory_.zones_of(id);
  for (std::size_t zone = 0; zone < zones.size(); ++zone) {
    zones[zone]->lower_boost(node.boosts[zone]);
  }
}

}  // namespace gbsim
