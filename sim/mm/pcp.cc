// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp.h"

#include <utility>

namespace gbsim {

void PcpRing::grow() {
  constexpr std::size_t kFirstCapacity = 16;
  std::vector<PageIndex> bigger(ring_.empty() ? kFirstCapacity : ring_.size() * 2);
  for (std::uint32_t i = 0; i < size(); ++i) {
    bigger[i] = from_head(i);
  }
  tail_ = size();
  head_ = 0;
  ring_ = std::move(bigger);
}

std::uint64_t PcpLists::metadata_bytes() const {
  std::uint64_t bytes = sizeof(*this);
  for (const PcpRing& ring : lists) {
    bytes += ring.metadata_bytes();
  }
  return bytes;
}

}  // namespace gbsim
