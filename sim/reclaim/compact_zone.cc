// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compact_zone.h"

#include <algorithm>

namespace gbsim {

namespace {

constexpr unsigned kMaxDeferShift = 6;  // COMPACT_MAX_DEFER_SHIFT

/** What a pageblock could be used for, of what one asks. */
struct ResetQuestion {
  bool source;
  bool target;
};

/** Takes the hint off a pageblock that holds what is asked for; true if a scanner may start there. */
bool reset_hint(Zone& zone, Pfn pfn, ResetQuestion asked) {
  Pageblock& block = zone.pageblock(pfn);
  if (asked.source && asked.target && !block.skip) {
    return true;
  }
  if (!asked.source && block.type != Migratetype::movable) {
    return false;
  }
  const bool useful = (asked.source && block.migratable != 0) || (asked.target && block.free != 0);
  block.skip = block.skip && !useful;
  return useful;
}

}  // namespace

Pfn last_pageblock(const Zone& zone) {
  return (zone.end() - NrPages{1}).align_down(zone.orders().pageblock);
}

CompactZone::CompactZone(const Zone& zone) {
  reset_positions(zone);
  first_source = zone.start();
  first_target = last_pageblock(zone);
}

void CompactZone::reset_positions(const Zone& zone) {
  migrate_async = zone.start();
  migrate_sync = zone.start();
  free = last_pageblock(zone);
}

bool CompactZone::deferred(Order order) {
  if (order < order_failed) {
    return false;
  }
  const unsigned limit = 1U << defer_shift;
  considered = std::min(considered + 1, limit);
  return considered < limit;
}

void CompactZone::defer(Order order) {
  considered = 0;
  defer_shift = std::min(defer_shift + 1, kMaxDeferShift);
  order_failed = std::min(order_failed, order);
}

void CompactZone::reset_defer(Order order, bool got_page) {
  if (got_page) {
    considered = 0;
    defer_shift = 0;
  }
  order_failed = std::max(order_failed, order.next());
}

bool CompactZone::restarting(Order order) const {
  return order >= order_failed && defer_shift == kMaxDeferShift && considered >= (1U << kMaxDeferShift);
}

void CompactZone::reset_isolation_suitable(Zone& zone) {
  if (!flush_skip_bits) {
    return;
  }
  flush_skip_bits = false;
  const NrPages step = zone.orders().pageblock.pages();
  Pfn low = zone.start().align_down(zone.orders().pageblock);
  Pfn high = last_pageblock(zone);
  bool has_source = false;
  bool has_target = false;
  for (; low < high; low += step, high = high - step) {
    if (reset_hint(zone, std::max(low, zone.start()), {true, has_source}) && !has_source) {
      has_source = true;
      first_source = migrate_async = migrate_sync = std::max(low, zone.start());
    }
    if (reset_hint(zone, high, {has_target, true}) && !has_target) {
      has_target = true;
      first_target = free = high;
    }
  }
  if (!has_source || !has_target) {
    migrate_async = migrate_sync = std::max(low, zone.start());
    free = std::max(high, zone.start());
  }
}

}  // namespace gbsim
