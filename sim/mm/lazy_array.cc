// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/lazy_array.h"

#include <algorithm>

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

}  // namespace gbsim
