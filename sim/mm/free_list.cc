// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/free_list.h"

#include <utility>

namespace gbsim {

bool FreeList::operator==(const FreeList& other) const {
  if (live_ != other.live_) {
    return false;
  }
  std::uint32_t theirs = other.head_;
  for (std::uint32_t ours = head_; ours != tail_; ++ours) {
    if (at(ours) == kNoPage) {
      continue;
    }
    while (other.at(theirs) == kNoPage) {
      ++theirs;
    }
    if (at(ours) != other.at(theirs++)) {
      return false;
    }
  }
  return true;
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
