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
 * A bitmap with summary levels: a bit of a level says whether a word of the level below is nonzero, so that the first
 * set bit of any number of bits is found in one word a level (3 levels hold 262,144 bits).
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
    for (std::size_t level = 0; level < nr_levels_; ++level) {
      std::uint64_t& word = words_[first_word_[level] + bit / kWord];
      word &= ~(std::uint64_t{1} << (bit % kWord));
      if (word != 0) {
        return;
      }
      bit /= kWord;
    }
  }
  bool any() const { return words_.back() != 0; }
  /** The lowest set bit, or kNone. */
  std::size_t first() const {
    return any() ? first_of_some() : kNone;
  }
  /** The same where one is known to be set. */
  std::size_t first_of_some() const {
    const std::uint64_t* const words = words_.data();
    std::size_t at = 0;
    for (std::size_t level = nr_levels_; level-- > 0;) {
      at = at * kWord + static_cast<std::size_t>(std::countr_zero(words[first_word_[level] + at]));
    }
    return at;
  }
  /** The lowest set bit not below @from, or kNone. */
  std::size_t next(std::size_t from) const;
  /** Set bits below @bit. */
  std::size_t count_before(std::size_t bit) const;
  /** Words that first() reads. */
  std::size_t levels() const { return nr_levels_; }

 private:
  static constexpr std::size_t kWord = 64;
  static constexpr std::size_t kMaxLevels = 4;

  std::vector<std::uint64_t> words_{};                     // the bits, then each summary level
  std::array<std::uint32_t, kMaxLevels> first_word_{};  // of each level
  std::uint32_t nr_levels_ = 0;
};

}  // namespace gbsim
