// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/summary_bitmap.h"

namespace gbsim {

std::size_t SummaryBitmap::next(std::size_t from) const {
  const std::size_t nr_words = nr_levels_ > 1 ? first_word_[1] : words_.size();
  for (std::size_t word = from / kWord; word < nr_words; ++word) {
    const std::uint64_t below = word == from / kWord ? (std::uint64_t{1} << (from % kWord)) - 1 : 0;
    if (const std::uint64_t left = words_[word] & ~below; left != 0) {
      return word * kWord + static_cast<std::size_t>(std::countr_zero(left));
    }
  }
  return kNone;
}

std::size_t SummaryBitmap::count_before(std::size_t bit) const {
  std::size_t count = 0;
  for (std::size_t word = 0; word < bit / kWord; ++word) {
    count += static_cast<std::size_t>(std::popcount(words_[word]));
  }
  if (bit % kWord != 0) {
    const std::uint64_t below = (std::uint64_t{1} << (bit % kWord)) - 1;
    count += static_cast<std::size_t>(std::popcount(words_[bit / kWord] & below));
  }
  return count;
}

}  // namespace gbsim
