// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/base/check.h"

namespace gbsim {

/**
 * A bitmap with summary levels: a bit of a level says whether a word of the level below is nonzero, so that the next
 * set bit of any number of bits is found in a word or two a level (3 levels hold 262,144 bits). The first one is kept.
 */
class SummaryBitmap {
 public:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  explicit SummaryBitmap(std::size_t bits = 0) {
    do {
      bits = std::max<std::size_t>((bits + kWord - 1) / kWord, 1);
      GBSIM_CHECK(nr_levels_ < kMaxLevels);
      first_word_[nr_levels_++] = static_cast<std::uint32_t>(words_.size());
      words_.resize(words_.size() + bits, 0);
    } while (bits > 1);
  }

  bool operator==(const SummaryBitmap&) const = default;
  bool test(std::size_t bit) const { return (words_[bit / kWord] >> (bit % kWord) & 1U) != 0; }
  void set(std::size_t bit) {
    first_ = std::min(first_, bit);
    for (std::size_t level = 0; level < nr_levels_; ++level) {
      std::uint64_t& word = words_[first_word_[level] + bit / kWord];
      const bool was_empty = word == 0;
      word |= std::uint64_t{1} << (bit % kWord);
      if (!was_empty) {
        return;
      }
      bit /= kWord;
    }
  }
  void clear(std::size_t bit) {
    clear_levels(bit);
    if (bit == first_) {
      first_ = words_.back() == 0 ? kNone : find_first();
    }
  }
  bool any() const { return first_ != kNone; }
  /** The lowest set bit, or kNone: kept, so that reading it costs one load. */
  std::size_t first() const { return first_; }
  /** The lowest set bit not below @from, or kNone. */
  std::size_t next(std::size_t from) const;
  /** Set bits below @bit. */
  std::size_t count_before(std::size_t bit) const;
 private:
  static constexpr std::size_t kWord = 64;
  static constexpr std::size_t kMaxLevels = 4;

  void clear_levels(std::size_t bit) {
    for (std::size_t level = 0; level < nr_levels_; ++level) {
      std::uint64_t& word = words_[first_word_[level] + bit / kWord];
      word &= ~(std::uint64_t{1} << (bit % kWord));
      if (word != 0) {
        return;
      }
      bit /= kWord;
    }
  }
  /** A word a level. Requires: some bit is set. */
  std::size_t find_first() const {
    std::size_t at = 0;
    for (std::size_t level = nr_levels_; level-- > 0;) {
      at = at * kWord + static_cast<std::size_t>(std::countr_zero(words_[first_word_[level] + at]));
    }
    return at;
  }

  std::size_t first_ = kNone;
  std::vector<std::uint64_t> words_{};                     // the bits, then each summary level
  std::array<std::uint32_t, kMaxLevels> first_word_{};  // of each level
  std::uint32_t nr_levels_ = 0;
};

}  // namespace gbsim
