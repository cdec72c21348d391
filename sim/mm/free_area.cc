// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/free_area.h"

namespace gbsim {

std::uint64_t FreeArea::metadata_bytes() const {
  std::uint64_t sum = sizeof(*this);
  for (const auto& row : lists_) {
    for (const FreeList& list : row) {
      sum += list.metadata_bytes();
    }
  }
  return sum;
}

}  // namespace gbsim
