// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_relief.h"

#include <algorithm>
#include <limits>

namespace gbsim {

namespace {

constexpr std::uint64_t kTooFar = std::numeric_limits<std::uint64_t>::max();

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

std::uint64_t RecordedRelief::misjudged_by(const Zone& zone, const WatermarkQuery& query, bool is_enough) {
  const std::int64_t exact = zone.free_stat().exact();
  for (std::int64_t off = 0; off <= zone.free_stat().drift(); ++off) {
    if (zone.watermark_ok(query, is_enough ? exact + off : exact - off) == is_enough) {
      return static_cast<std::uint64_t>(off);
    }
  }
  return kTooFar;
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
  const auto is_short = [&] { return zone.free_pages_exact() < zone.low_wmark(); };
  const NrPages had = zone.boost();
  for (NrPages before = had; !is_short(); before = zone.boost()) {
    zone.boost_watermark(boost_factor_);
    if (zone.boost() == before) {
      return zone.lower_boost(before - had);
    }
  }
  refuted_ = 0;
  memory_.tunables().watermark_boost_factor = boost_factor_;
  if (!nodes_[zone.node().value].awake) {
    begin(zone.node(), zone.type());
  }
}

void RecordedRelief::learn_enough(Zone& zone, const WatermarkQuery& query) {
  if (!recount(zone, query, true) && zone.boost() != NrPages{}) {
    forget_boost(zone);
  }
}

/** kswapd has not freed what the boost asked for: either it gave up, or this machine does not boost watermarks. */
void RecordedRelief::forget_boost(Zone& zone) {
  constexpr unsigned kEnough = 3;
  zone.clear_boost();
  nodes_[zone.node().value].done_at = memory_.frees();
  if (++refuted_ >= kEnough) {
    memory_.tunables().watermark_boost_factor = 0;
  }
}

void RecordedRelief::settle(Ns now) {
  for (std::size_t i = 0; busy_ != 0 && i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    const NodeId id{static_cast<std::uint16_t>(i)};
    if (node.awake && memory_.frees() >= node.done_at && balanced(id, Order{0}, node.highest)) {
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
