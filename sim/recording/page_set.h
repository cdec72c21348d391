// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/types.h"

namespace gbsim {

/**
 * Some pages of a zone, a bit each: blocks are aligned, so that each lies within a word or fills some. Requires of all
 * pages and blocks that they are the zone's, and of blocks that they are aligned.
 */
class PageSet {
 public:
  /** Of @pages from @start on, at first none. */
  PageSet(Pfn start, NrPages pages)
      : base_(start.align_down(kWord)), words_(((start + pages).align_up(kWord) - base_).value >> kWord.value) {}

  bool contains(Pfn pfn) const { return (words_[place_of(pfn)] & bits_of(pfn, Order{0})) != 0; }
  /** Any page of the block. */
  bool contains_any(Pfn head, Order order) const {
    const auto words = std::span(words_).subspan(place_of(head), length_of(order));
    return std::ranges::any_of(words, [bits = bits_of(head, order)](std::uint64_t word) { return (word & bits) != 0; });
  }
  void add(Pfn head, Order order) {
    const auto words = std::span(words_).subspan(place_of(head), length_of(order));
    std::ranges::for_each(words, [bits = bits_of(head, order)](std::uint64_t& word) { word |= bits; });
  }

 private:
  static constexpr Order kWord{6};  // pages of a word

  static constexpr std::size_t length_of(Order order) {
    return order <= kWord ? 1 : std::size_t{1} << (order.value - kWord.value);
  }
  /** What the block has of each of its words. */
  static constexpr std::uint64_t bits_of(Pfn head, Order order) {
    constexpr std::uint64_t kAll = ~std::uint64_t{0};
    const std::uint64_t bits = order >= kWord ? kAll : ~(kAll << order.pages().value);
    return bits << (head.value % kWord.pages().value);
  }
  std::size_t place_of(Pfn pfn) const { return (pfn - base_).value >> kWord.value; }

  Pfn base_;
  std::vector<std::uint64_t> words_;
};

}  // namespace gbsim
