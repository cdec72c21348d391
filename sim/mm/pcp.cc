// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp.h"

#include <utility>

namespace gbsim {

void PcpRing::grow() {
  constexpr std::uint32_t kFirstCapacity = 16;
  const std::uint32_t capacity = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
  auto bigger = std::make_unique<PageIndex[]>(capacity);
  for (std::uint32_t i = 0; i < size(); ++i) {
    bigger[i] = from_head(i);
  }
  tail_ = size();
  head_ = 0;
  ring_ = std::move(bigger);
  capacity_ = capacity;
  mask_ = capacity - 1;
}

std::uint64_t PcpLists::metadata_bytes() const {
  std::uint64_t bytes = sizeof(*this);
  for (const PcpRing& ring : lists) {
    bytes += ring.metadata_bytes();
  }
  return bytes;
}

}  // namespace gbsim
