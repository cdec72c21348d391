// SPDX-License-Identifier: GPL-2.0-or-later
// Where gigantic pages come from before memory in use has to make way, and who holds them.
#include "sim/allocator/contig.h"

namespace gbsim {

namespace {

/** Whole ranges of the zone that belong to the contiguous memory allocator. */
std::vector<GigablockId> cma_ranges(const Zone& zone) {
  std::vector<GigablockId> ranges;
  for (const auto& [from, pages] : zone.spec().cma) {
    const Order order = zone.orders().gigablock;
    for (Pfn at = from.align_up(order); at + order.pages() <= from + pages; at += order.pages()) {
      ranges.push_back(zone.gigablock_of(at));
    }
  }
  return ranges;
}

bool is_wholly_free(const Zone& zone, GigablockId range) {
  return zone.is_whole_gigablock(range) && zone.gigablock(range).free == zone.orders().gigablock.pages().value &&
         zone.pageblock(zone.gigablock_start(range)).type == Migratetype::movable;
}

std::optional<GigablockId> highest_free_range(const Zone& zone) {
  for (std::size_t i = zone.nr_gigablocks(); i-- > 0;) {
    const GigablockId range{i};
    if (is_wholly_free(zone, range)) {
      return range;
    }
  }
  return std::nullopt;
}

}  // namespace

const std::array<Contig::Source, 3> Contig::kSources{
    Source{"pool", &Contig::take_pooled, &Hugepage1gStats::from_pool},
    Source{"cma", &Contig::search_cma, &Hugepage1gStats::from_cma},
    Source{"contig", &Contig::search, &Hugepage1gStats::from_ranges},
};

Maybe<Pfn> Contig::find(NodeId node, CpuId cpu) {
  for (const Source& source : kSources) {
    if (const auto page = (this->*source.find)(node, cpu)) {
      ++(stats_.*source.served);
      return page;
    }
  }
  return std::nullopt;
}

Maybe<Pfn> Contig::take_pooled(NodeId node, CpuId) {
  if (pool_left_.empty()) {
    return std::nullopt;
  }
  const auto near = [&](Pfn page) { return memory_.zone_of(page).node() == node; };
  auto taken = std::ranges::find_if(pool_left_, near);
  taken = taken != pool_left_.end() ? taken : pool_left_.begin();
  const Pfn page = *taken;
  pool_left_.erase(taken);
  return page;
}

Maybe<Pfn> Contig::search_cma(NodeId node, CpuId cpu) {
  for (Zone* zone : memory_.zonelist(node, ZoneType::movable)) {
    if (const auto got = first_that_converts(*zone, cma_ranges(*zone), Migratetype::cma, cpu)) {
      return got;
    }
  }
  return std::nullopt;
}

unsigned Contig::reserve_pool(unsigned wanted) {
  unsigned misses = 0;
  for (unsigned node = 0; pool_.size() < wanted && misses < memory_.nr_nodes(); ++node) {
    misses = reserve_on(NodeId{node % memory_.nr_nodes()}) ? 0 : misses + 1;
  }
  return static_cast<unsigned>(pool_.size());
}

bool Contig::reserve_on(NodeId node) {
  for (Zone* zone : memory_.zonelist(node, ZoneType::movable)) {
    const auto range = zone->node() == node ? highest_free_range(*zone) : std::nullopt;
    if (range && !convert(*zone, *range, Migratetype::movable, CpuId{})) {
      pool_.push_back(zone->gigablock_start(*range));
      pool_left_.push_back(pool_.back());
      return true;
    }
  }
  return false;
}

Maybe<Pfn> Contig::allocate_1g(NodeId node, CpuId cpu) {
  const Maybe<Pfn> got = obtain(node, cpu);
  if (got) {
    held_.push_back(*got);
  }
  return got;
}

bool Contig::free_1g(CpuId cpu) {
  if (held_.empty()) {
    return false;
  }
  const Pfn first = held_.front();
  held_.erase(held_.begin());
  release(first, cpu);
  return true;
}

}  // namespace gbsim
