// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/free_list.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gbsim {

bool FreeList::operator==(const FreeList& other) const {
  using Blocks = std::array<PageIndex, 64>;
  // The next blocks of @list from @position on. No branch on tombstones: where they lie is hard to foretell.
  const auto gather = [](const FreeList& list, std::uint32_t& position, Blocks& blocks) {
    std::size_t count = 0;
    for (; count < blocks.size() && position != list.tail_; ++position) {
      blocks[count] = list.at(position);
      count += blocks[count] != kNoPage ? 1 : 0;
    }
    return count;
  };
  Blocks ours;
  Blocks theirs;
  std::uint32_t our_position = head_;
  std::uint32_t their_position = other.head_;
  bool same = live_ == other.live_;
  for (std::size_t count = 1; same && count != 0;) {
    count = gather(*this, our_position, ours);
    same = gather(other, their_position, theirs) == count &&
           std::equal(ours.begin(), ours.begin() + count, theirs.begin());
  }
  return same;
}

void FreeList::grow() {
  const std::size_t capacity = ring_.empty() ? kFirstCapacity : ring_.size() * 2;
  GBSIM_CHECK(capacity <= (std::size_t{1} << kPositionBits));
  BigVector<PageIndex> bigger(capacity);
  const auto bigger_mask = static_cast<std::uint32_t>(capacity) - 1;
  for (std::uint32_t i = head_; i != tail_; ++i) {
    bigger[i & bigger_mask] = at(i);
  }
  ring_ = std::move(bigger);
  entries_ = ring_.data();
  mask_ = bigger_mask;
}

}  // namespace gbsim
