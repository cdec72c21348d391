// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/page_map.h"

#include "sim/base/check.h"

namespace gbsim {

PageMap::PageMap(PageIndex pages, ZoneOrders orders)
    : pages_(pages),
      orders_(orders),
      pageblock_(orders.pageblock.value),
      in_pageblock_((1U << orders.pageblock.value) - 1),
      slots_(pages + std::size_t{1}),
      first_slots_((pages >> orders.pageblock.value) + std::size_t{2}),
      free_bits_((bit_of(pages, orders.max) + kGroupBits) / 64) {
  GBSIM_CHECK(orders.max.value < kMaxOrders);
}

Order PageMap::order_of_free(PageIndex page) const {
  for (Order order{0}; order <= orders_.max; ++order) {
    if (is_free_block(page, order)) {
      return order;
    }
  }
  fail_check("a free block starts here", __FILE__, __LINE__);
}

std::uint64_t PageMap::committed_bytes() const {
  return slots_.committed_bytes() + first_slots_.committed_bytes() + free_bits_.committed_bytes();
}

}  // namespace gbsim
