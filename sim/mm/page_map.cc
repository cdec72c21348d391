// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/page_map.h"

#include <bit>

#include "sim/base/check.h"

namespace gbsim {

namespace {

std::uint64_t bits_per_pageblock(ZoneOrders orders) {
  const unsigned larger = orders.max > orders.pageblock ? orders.max.value - orders.pageblock.value : 0U;
  return (std::uint64_t{2} << orders.pageblock.value) - 1 + larger;
}

}  // namespace

PageMap::PageMap(PageIndex pages, ZoneOrders orders)
    : pages_(pages),
      orders_(orders),
      pageblock_(orders.pageblock.value),
      stride_(std::bit_ceil(bits_per_pageblock(orders))),
      slots_(pages + std::size_t{1}),
      first_slots_((pages >> orders.pageblock.value) + std::size_t{2}),
      free_bits_((((pages >> orders.pageblock.value) + 2) * stride_ + 63) / 64) {}

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
