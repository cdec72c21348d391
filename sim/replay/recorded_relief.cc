// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_relief.h"

#include <algorithm>

namespace gbsim {

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
  nodes_[id.value] = Node{true, highest, memory_.frees() + boosts(id, highest).value};
  ++awake_;
  set_active(id, highest, true);
}

NrPages RecordedRelief::boosts(NodeId node, ZoneType highest) const {
  NrPages sum;
  for (const Zone* zone : memory_.zones_of(node)) {
    sum += zone->type() <= highest ? zone->boost() : NrPages{};
  }
  return sum;
}

void RecordedRelief::learn_short(Zone& zone) {
  const auto is_short = [&] { return zone.free_pages_exact() < zone.low_wmark(); };
  const NrPages had = zone.boost();
  for (NrPages before = had; !is_short(); before = zone.boost()) {
    zone.boost_watermark(memory_.tunables().watermark_boost_factor);
    if (zone.boost() == before) {
      return zone.lower_boost(before - had);
    }
  }
  if (!nodes_[zone.node().value].awake) {
    begin(zone.node(), zone.type());
  }
}

void RecordedRelief::learn_enough(Zone& zone) { zone.clear_boost(); }

void RecordedRelief::settle() {
  for (std::size_t i = 0; awake_ != 0 && i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    const NodeId id{static_cast<std::uint16_t>(i)};
    if (!node.awake || memory_.frees() < node.done_at || !balanced(id, Order{0}, node.highest)) {
      continue;
    }
    node.awake = false;
    --awake_;
    set_active(id, node.highest, false);
    for (Zone* zone : memory_.zones_of(id)) {
      zone->clear_boost();
    }
  }
}

}  // namespace gbsim
