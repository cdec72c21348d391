// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/memory.h"

#include <algorithm>
#include <bit>

#include "sim/mm/pcp_rules.h"
#include "sim/mm/watermark.h"

namespace gbsim {

namespace {

/** The largest block that starts at @from, fits before @until, and is aligned to its size. */
Order boot_order(Pfn from, Pfn until, Order max) {
  unsigned order = from.value == 0 ? max.value : std::min<unsigned>(max.value, std::countr_zero(from.value));
  while (from + Order{order}.pages() > until) {
    --order;
  }
  return Order{order};
}

void free_range(Zone& zone, Pfn from, Pfn until) {
  while (from < until) {
    const Order order = boot_order(from, until, zone.orders().max);
    zone.free_boot_block(from, order);
    from += order.pages();
  }
}

/** Draws the boundary: blocks from the bottom up, until they hold the zone's share of usable memory. */
void confine(Zone& zone) {
  const std::uint64_t pageblock = zone.orders().pageblock.pages().value;
  std::uint64_t usable = 0;
  for (std::size_t i = 0; i < zone.nr_pageblocks(); ++i) {
    usable += pageblock - zone.pageblock_at(i).reserved;
  }
  const double wanted = static_cast<double>(usable) * zone.spec().confined_share;
  double below = 0;
  Pfn at = zone.pageblock_start(0);
  for (; below < wanted && at < zone.end(); at += zone.orders().pageblock.pages()) {
    below += static_cast<double>(pageblock - zone.pageblock(at).reserved);
    zone.set_pageblock_type(at, Migratetype::unmovable);
  }
  for (; !at.is_aligned(zone.orders().max) && at < zone.end(); at += zone.orders().pageblock.pages()) {
    zone.set_pageblock_type(at, Migratetype::unmovable);
  }
  zone.set_boundary(at);
}

/** Everything that is neither a hole nor reserved goes to the free lists, ascending. */
void free_zone(Zone& zone) {
  auto taken = zone.spec().holes;
  taken.insert(taken.end(), zone.spec().reserved.begin(), zone.spec().reserved.end());
  std::ranges::sort(taken);
  for (const auto& [from, pages] : zone.spec().cma) {
    for (Pfn at = from; at < from + pages; at += zone.orders().pageblock.pages()) {
      zone.set_pageblock_type(at, Migratetype::cma);
    }
  }
  confine(zone);
  Pfn at = zone.start();
  for (const auto& [from, pages] : taken) {
    free_range(zone, at, std::max(at, from));
    at = std::max(at, from + pages);
  }
  free_range(zone, at, zone.end());
}

}  // namespace

Memory::Memory(const MachineSpec& machine, Tunables& tunables, const Clock& clock, CostTable& costs)
    : nr_nodes_(machine.nodes),
      nr_cpus_(machine.cpus),
      khugepaged_(true),
      tunables_(tunables),
      clock_(clock),
      costs_(costs),
      own_meter_(costs),
      meter_(&own_meter_) {
  build(lay_out(machine));
}

Memory::Memory(std::vector<ZoneSpec> zones, unsigned nr_cpus, Tunables& tunables, const Clock& clock,
               CostTable& costs)
    : nr_nodes_(1),
      nr_cpus_(nr_cpus),
      khugepaged_(false),
      tunables_(tunables),
      clock_(clock),
      costs_(costs),
      own_meter_(costs),
      meter_(&own_meter_) {
  for (const ZoneSpec& zone : zones) {
    nr_nodes_ = std::max(nr_nodes_, zone.node.value + 1U);
  }
  build(std::move(zones));
}

Memory::~Memory() = default;

void Memory::build(std::vector<ZoneSpec> specs) {
  node_zones_.resize(nr_nodes_);
  for (unsigned cpu = 0; cpu < nr_cpus_; ++cpu) {
    cpu_nodes_.emplace_back(cpu * nr_nodes_ / nr_cpus_);
  }
  for (ZoneSpec& spec : specs) {
    spec.nr_cpus = nr_cpus_;
    spec.confined_share =
        tunables_.confines() && spec.type != ZoneType::movable ? tunables_.confined_initial : 0.0;
    spec.pcp = tunables_.pcp;
    spec.listing = {tunables_.has_gigablocks(), tunables_.gigablock_reserve, tunables_.gigablock_reserve_min,
                    tunables_.gigablock_mostly_used, tunables_.gigablock_half_used};
    const auto place = static_cast<unsigned>(zones_.size());
    zones_.push_back(std::make_unique<Zone>(spec, place, tunables_.kernel_rules));
    starts_.push_back(spec.start);
    node_zones_[spec.node.value].push_back(zones_.back().get());
  }
  NrPages present{};
  for (const auto& zone : zones_) {
    free_zone(*zone);
    present += zone->present();
  }
  folios_.reserve(present.value);
  lrus_.assign(nr_nodes_, LruVec(folios_));
  build_zonelists();
  apply_tunables();
}

void Memory::build_zonelists() {
  zonelists_.resize(nr_nodes_);
  for (unsigned near = 0; near < nr_nodes_ * nr_nodes_; ++near) {
    const unsigned node = near / nr_nodes_;
    const unsigned distance = near % nr_nodes_;
    for (std::size_t highest = 0; highest < kNrZoneTypes; ++highest) {
      append_zones((node + distance) % nr_nodes_, highest, zonelists_[node][highest]);
    }
  }
  avoids_mixing_.resize(nr_nodes_);
  for (unsigned node = 0; node < nr_nodes_; ++node) {
    for (std::size_t highest = 0; highest < kNrZoneTypes; ++highest) {
      avoids_mixing_[node][highest] = begins_above_dma32(zonelists_[node][highest]);
    }
  }
}

bool Memory::begins_above_dma32(std::span<Zone* const> zones) const {
  if (zones.empty() || zones[0]->type() != ZoneType::normal) {
    return false;
  }
  const bool has_dma32 =
      zones.size() > 1 && zones[1]->node() == zones[0]->node() && zones[1]->type() == ZoneType::dma32;
  return nr_nodes_ == 1 || has_dma32;
}

void Memory::append_zones(unsigned node, std::size_t highest, std::vector<Zone*>& list) const {
  for (auto zone = node_zones_[node].rbegin(); zone != node_zones_[node].rend(); ++zone) {
    if (static_cast<std::size_t>((*zone)->type()) <= highest && (*zone)->managed() != NrPages{}) {
      list.push_back(*zone);
    }
  }
}

std::span<Zone* const> Memory::zones_of(NodeId node) const { return node_zones_[node.value]; }

NrPages Memory::managed() const {
  NrPages pages;
  for (const auto& zone : zones_) {
    pages += zone->managed();
  }
  return pages;
}

std::uint64_t Memory::min_free_kbytes() const {
  if (tunables_.min_free_kbytes != 0) {
    return tunables_.min_free_kbytes;
  }
  NrPages lowmem;
  unsigned nr_zones = 0;
  for (const auto& zone : zones_) {
    const bool counts = zone->type() != ZoneType::movable;
    lowmem += counts ? zone->managed() : NrPages{};
    nr_zones += counts && zone->managed() != NrPages{} ? 1 : 0;
  }
  const std::uint64_t by_size = default_min_free_kbytes(lowmem);
  if (!khugepaged_ || tunables_.thp_enabled == ThpEnabled::never) {
    return by_size;
  }
  return std::max(by_size, thp_min_free_kbytes(nr_zones, zones_[0]->orders().pageblock, lowmem));
}

void Memory::apply_tunables() {
  set_watermarks(zones_, min_free_kbytes(), tunables_.watermark_scale_factor);
  set_lowmem_reserves(zones_, tunables_.lowmem_reserve_ratio);
  totalreserve_ = total_reserve(zones_);
  const unsigned cpus_of_node = (nr_cpus_ + nr_nodes_ - 1) / nr_nodes_;
  for (const auto& zone : zones_) {
    size_pcp(*zone, cpus_of_node, tunables_);
    zone->free_stat().set_threshold(stat_threshold(nr_cpus_, zone->managed()));
  }
}

void Memory::set_trace(TraceSink* sink) {
  for (const auto& zone : zones_) {
    zone->set_trace(sink);
  }
}

std::uint64_t Memory::metadata_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& zone : zones_) {
    bytes += zone->metadata_bytes();
  }
  return bytes;
}

}  // namespace gbsim
