// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/fragmentation.h"

namespace gbsim {

ContigInfo contig_info(const Zone& zone, Order order) {
  ContigInfo info;
  for (Order at{0}; at <= zone.orders().max; ++at) {
    const std::uint64_t blocks = zone.nr_free_blocks(at);
    info.free_blocks += blocks;
    info.free_pages += blocks << at.value;
    if (at >= order) {
      info.suitable_blocks += blocks << (at.value - order.value);
    }
  }
  return info;
}

unsigned unusable_index(const ContigInfo& info, Order order) {
  if (info.free_pages == 0) {
    return 1000;
  }
  return static_cast<unsigned>((info.free_pages - (info.suitable_blocks << order.value)) * 1000 / info.free_pages);
}

int fragmentation_index(const ContigInfo& info, Order order) {
  if (info.free_blocks == 0) {
    return 0;
  }
  if (info.suitable_blocks != 0) {
    return -1000;
  }
  const std::uint64_t requested = std::uint64_t{1} << order.value;
  return static_cast<int>(1000 - (1000 + info.free_pages * 1000 / requested) / info.free_blocks);
}

unsigned extfrag_for_order(const ContigInfo& info, Order order) {
  if (info.free_pages == 0) {
    return 0;
  }
  return static_cast<unsigned>((info.free_pages - (info.suitable_blocks << order.value)) * 100 / info.free_pages);
}

NrPages free_in_pageblocks(const Zone& zone) {
  NrPages pages;
  for (Order order = zone.orders().pageblock; order <= zone.orders().max; ++order) {
    pages += order.pages() * (zone.nr_free_blocks(order) - zone.nr_free_blocks(order, Migratetype::isolate));
  }
  return pages;
}

unsigned fragmentation_score(const Zone& zone) {
  const Order order = zone.orders().pageblock;
  return extfrag_for_order(contig_info(zone, order), order);
}

unsigned fragmentation_score(std::span<Zone* const> zones) {
  std::uint64_t weighted = 0;
  std::uint64_t present = 0;
  for (const Zone* zone : zones) {
    weighted += zone->present().value * fragmentation_score(*zone);
    present += zone->present().value;
  }
  return static_cast<unsigned>(weighted / (present + 1));
}

}  // namespace gbsim
