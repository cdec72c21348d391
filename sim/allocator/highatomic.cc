// SPDX-License-Identifier: GPL-2.0-or-later
// The reserve of pageblocks for high-order atomic requests.
#include <algorithm>

#include "sim/allocator/rmqueue.h"

namespace gbsim {

/** About one percent of the zone, in pageblocks; none in zones too small for one. */
NrPages Rmqueue::highatomic_limit() const {
  const std::uint64_t pageblock = zone_.orders().pageblock.pages().value;
  const std::uint64_t percent = zone_.managed().value / 100;
  if (!zone_.rules().highatomic_by_order) {
    return NrPages{percent + pageblock};
  }
  return percent < pageblock ? NrPages{} : NrPages{(percent + pageblock - 1) / pageblock * pageblock};
}

void Rmqueue::reserve_highatomic(Pfn pfn, Order order) {
  const bool confined_to_movable = zone_.is_confined() && pfn >= zone_.boundary();
  if (zone_.reserved_highatomic() >= highatomic_limit() || !is_mergeable(zone_.pageblock(pfn).type) ||
      confined_to_movable) {
    return;
  }
  const Order pageblock = zone_.orders().pageblock;
  if (zone_.rules().highatomic_by_order && order >= pageblock) {
    zone_.set_block_type(pfn, order, Migratetype::highatomic);
    zone_.reserve_highatomic(order.pages());
    return;
  }
  if (zone_.rules().highatomic_by_order && !zone_.spans_pageblock(pfn)) {
    return;
  }
  zone_.set_pageblock_type(pfn, Migratetype::highatomic);
  zone_.move_freepages(pfn, Migratetype::highatomic);
  zone_.reserve_highatomic(pageblock.pages());
}

bool Rmqueue::unreserve_highatomic(Migratetype type, bool force) {
  const Order pageblock = zone_.orders().pageblock;
  if (!force && zone_.reserved_highatomic() <= pageblock.pages()) {
    return false;
  }
  const auto found = zone_.smallest_free(Order{0}, Migratetype::highatomic);
  if (!found) {
    return false;
  }
  const Pfn pfn = zone_.first_free(*found, Migratetype::highatomic);
  type = zone_.is_confined() && type == Migratetype::movable ? Migratetype::unmovable : type;
  const bool by_order = zone_.rules().highatomic_by_order && *found >= pageblock;
  if (zone_.pageblock(pfn).type == Migratetype::highatomic) {
    zone_.unreserve_highatomic(by_order ? found->pages() : pageblock.pages());
  }
  if (by_order) {
    zone_.move_free_block(pfn, *found, type);
    zone_.set_block_type(pfn, *found, type);
  } else {
    zone_.move_freepages(pfn, type);
    zone_.set_pageblock_type(pfn, type);
  }
  return true;
}

}  // namespace gbsim
