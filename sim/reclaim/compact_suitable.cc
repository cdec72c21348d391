// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compact_suitable.h"

#include "sim/mm/fragmentation.h"

namespace gbsim {

bool has_room_to_compact(const Zone& zone, Order order, NrPages mark, ZoneType highest, NrPages free) {
  mark += compact_gap(order);
  if (order > kCostlyOrder) {
    mark += zone.low_wmark() - zone.min_wmark();
  }
  const WatermarkQuery query{Order{0}, mark.value, highest, AllocFlags{Watermark::min, AllocFlags::cma}};
  return zone.watermark_ok(query, static_cast<std::int64_t>(free.value));
}

bool compaction_suitable(const Zone& zone, Order order, NrPages mark, ZoneType highest, const Tunables& tunables) {
  if (!has_room_to_compact(zone, order, mark, highest, zone.free_pages())) {
    return false;
  }
  if (order <= kCostlyOrder) {
    return true;
  }
  const int index = fragmentation_index(contig_info(zone, order), order);
  return index < 0 || index > static_cast<int>(tunables.extfrag_threshold);
}

}  // namespace gbsim
