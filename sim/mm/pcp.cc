// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp.h"

#include <algorithm>
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

/** Long lists are looked through for each page that compaction moves something to: hence no place by place. */
std::uint32_t PcpRing::find(PageIndex page) const {
  const std::uint32_t first = head_ & mask_;
  const std::uint32_t before_wrap = std::min(size(), capacity_ - first);
  const PageIndex* const begin = ring_.get();
  const PageIndex* const found = std::find(begin + first, begin + first + before_wrap, page);
  if (found != begin + first + before_wrap) {
    return head_ + static_cast<std::uint32_t>(found - (begin + first));
  }
  const PageIndex* const end = begin + (size() - before_wrap);
  return head_ + before_wrap + static_cast<std::uint32_t>(std::find(begin, end, page) - begin);
}

bool PcpRing::remove(PageIndex page) {
  std::uint32_t place = find(page);
  if (place == tail_) {
    return false;
  }
  // The shorter side moves up.
  if (place - head_ < tail_ - place) {
    for (; place != head_; --place) {
      ring_[place & mask_] = at(place - 1);
    }
    ++head_;
  } else {
    for (--tail_; place != tail_; ++place) {
      ring_[place & mask_] = at(place + 1);
    }
  }
  return true;
}

std::uint64_t PcpLists::metadata_bytes() const {
  std::uint64_t bytes = sizeof(*this);
  for (const PcpRing& ring : lists) {
    bytes += ring.metadata_bytes();
  }
  return bytes;
}

}  // namespace gbsim
