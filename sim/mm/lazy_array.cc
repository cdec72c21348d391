// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/lazy_array.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "sim/base/lazy_memory.h"

namespace gbsim {

LazyMapping::LazyMapping(std::size_t bytes) : bytes_(std::max<std::size_t>(bytes, 1)) {
  data_ = map_lazily(bytes_);
}

LazyMapping::~LazyMapping() {
  if (data_ != nullptr) {
    unmap_lazily(data_, bytes_);
  }
}

std::uint64_t LazyMapping::committed_bytes() const {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> resident((bytes_ + page - 1) / page);
  if (mincore(data_, bytes_, resident.data()) != 0) {
    return bytes_;
  }
  std::uint64_t sum = 0;
  for (const unsigned char state : resident) {
    sum += (state & 1U) != 0 ? page : 0;
  }
  return sum;
}

}  // namespace gbsim
