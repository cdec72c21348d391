// SPDX-License-Identifier: GPL-2.0-or-later
// Watermark checks of one zone, after __zone_watermark_ok() and its relatives of mm/page_alloc.c.
#include "sim/mm/zone.h"

namespace gbsim {

bool Zone::has_suitable_block(const WatermarkQuery& query) const {
  const auto has = [&](Migratetype type) { return has_free_at_least(query.order, type); };
  if (has(Migratetype::movable)) {
    return true;
  }
  if (!is_confined() && (has(Migratetype::unmovable) || has(Migratetype::reclaimable))) {
    return true;
  }
  if (query.flags.has(AllocFlags::cma) && has(Migratetype::cma)) {
    return true;
  }
  const bool may_use_reserve = query.flags.has(AllocFlags::highatomic) || query.flags.has(AllocFlags::oom);
  return may_use_reserve && has(Migratetype::highatomic);
}

bool Zone::watermark_ok(const WatermarkQuery& query, std::int64_t free_pages) const {
  auto min = static_cast<std::int64_t>(query.mark);
  if (query.flags.has(AllocFlags::min_reserve)) {
    min -= min / 2;
    min -= query.flags.has(AllocFlags::non_block) ? min / 4 : 0;
  }
  if (query.flags.has(AllocFlags::oom)) {
    min -= min / 2;
  }
  const auto reserve = static_cast<std::int64_t>(marks_.lowmem_reserve[static_cast<std::size_t>(query.highest)]);
  if (free_pages - unusable_free(query) <= min + reserve) {
    return false;
  }
  return query.order == Order{0} || has_suitable_block(query);
}

bool Zone::watermark_slow(const WatermarkQuery& query, bool ignores_boost) const {
  const std::int64_t free = free_.global();
  if (watermark_ok(query, free)) {
    return true;
  }
  const bool at_min = query.flags.watermark() == Watermark::min;
  if (query.order > Order{0} || !ignores_boost || boost_ == NrPages{} || !at_min) {
    return false;
  }
  WatermarkQuery plain = query;
  plain.mark = marks_.mark[0];
  return watermark_ok(plain, free);
}

bool Zone::boost_watermark(unsigned factor) {
  const std::uint64_t pageblock_pages = spec_.orders.pageblock.pages().value;
  if (factor == 0 || pageblock_pages * 4 > managed().value) {
    return false;
  }
  const std::uint64_t high = marks_.mark[static_cast<std::size_t>(Watermark::high)];
  const std::uint64_t limit = high * factor / 10000;
  if (limit == 0) {
    return false;
  }
  boost_ = NrPages{std::min(boost_.value + pageblock_pages, std::max(pageblock_pages, limit))};
  return true;
}

}  // namespace gbsim
