// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sim/base/types.h"

namespace gbsim::test {

/**
 * The naive allocator: one byte a page says whether it is in use. It does not know where Linux puts a block, only
 * whether one could exist and that no two overlap.
 */
class PageMapModel {
 public:
  PageMapModel(Pfn first, std::size_t pages) : first_(first), used_(pages, 0) {}

  /** False: the block lies outside, is misaligned, or overlaps one in use. */
  bool take(Pfn pfn, Order order) {
    if (pfn < first_ || !pfn.is_aligned(order) || index(pfn) + order.pages().value > used_.size()) {
      return false;
    }
    for (std::size_t i = 0; i < order.pages().value; ++i) {
      if (used_[index(pfn) + i]++ != 0) {
        return false;
      }
    }
    return true;
  }

  void give(Pfn pfn, Order order) {
    for (std::size_t i = 0; i < order.pages().value; ++i) {
      used_[index(pfn) + i] = 0;
    }
  }

  /** Some aligned block of @order is wholly unused. */
  bool could_serve(Order order) const {
    const std::size_t size = order.pages().value;
    for (std::size_t from = 0; from + size <= used_.size(); from += size) {
      std::size_t taken = 0;
      for (std::size_t i = 0; i < size; ++i) {
        taken += used_[from + i];
      }
      if (taken == 0) {
        return true;
      }
    }
    return false;
  }

  std::size_t used() const {
    std::size_t sum = 0;
    for (const std::uint8_t page : used_) {
      sum += page;
    }
    return sum;
  }

 private:
  std::size_t index(Pfn pfn) const { return (pfn - first_).value; }

  Pfn first_;
  std::vector<std::uint8_t> used_;
};

}  // namespace gbsim::test
