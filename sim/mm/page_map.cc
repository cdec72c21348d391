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
      stride_shift_(static_cast<unsigned>(std::bit_width(bits_per_pageblock(orders) - 1))),
      slots_(pages + std::size_t{1}),
      first_slots_((pages >> orders.pageblock.value) + std::size_t{2}),
      free_bits_((((std::uint64_t{pages >> orders.pageblock.value} + 2) << stride_shift_) + 63) / 64) {
  GBSIM_CHECK(orders.max.value < kMaxOrders);
  for (unsigned order = 0; order <= orders.max.value; ++order) {
    const std::uint32_t whole = 2U << pageblock_;
    first_bit_[order] = order > pageblock_ ? whole - 1 + (order - pageblock_ - 1)
                                           : whole - (2U << (pageblock_ - order));
  }
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
