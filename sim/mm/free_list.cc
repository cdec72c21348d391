// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/free_list.h"

#include <utility>

namespace gbsim {

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
