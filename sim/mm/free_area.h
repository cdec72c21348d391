// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>

#include "sim/base/maybe.h"
#include "sim/base/types.h"
#include "sim/mm/free_list.h"
#include "sim/mm/migratetype.h"
#include "sim/mm/page_map.h"

namespace gbsim {

/** One buddy's free lists by order and migratetype. A zone has one, or one a gigablock. */
class FreeArea {
 public:
  FreeList& list(Order order, Migratetype type) { return lists_[order.value][index(type)]; }
  const FreeList& list(Order order, Migratetype type) const { return lists_[order.value][index(type)]; }

  std::uint64_t nr_free(Order order, Migratetype type) const { return list(order, type).size(); }
  /** Keeps smallest() in step; call when a list may have become empty or stopped being so. */
  void note(Order order, Migratetype type) {
    const std::uint32_t bit = 1U << order.value;
    std::uint32_t& mask = nonempty_[index(type)];
    mask = list(order, type).empty() ? mask & ~bit : mask | bit;
  }
  /** A bit for each order that has a block of @type. */
  std::uint32_t orders(Migratetype type) const { return nonempty_[index(type)]; }
  /** Smallest order not below @from with a block of @type. */
  Maybe<Order> smallest(Order from, Migratetype type) const {
    const std::uint32_t mask = nonempty_[index(type)] >> from.value;
    return mask == 0 ? Maybe<Order>{}
                     : Order{from.value + static_cast<unsigned>(std::countr_zero(mask))};
  }
  std::uint64_t metadata_bytes() const;

 private:
  std::array<std::uint32_t, kNrMigratetypes> nonempty_{};
  std::array<std::array<FreeList, kNrMigratetypes>, kMaxOrders> lists_;
};

}  // namespace gbsim
