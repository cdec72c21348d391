// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/lazy_array.h"

#include <sys/mman.h>
#include <unistd.h>

#include <new>
#include <vector>

namespace gbsim {

LazyMapping::LazyMapping(std::size_t bytes) : data_(nullptr), bytes_(bytes == 0 ? 1 : bytes) {
  data_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data_ == MAP_FAILED) {
    throw std::bad_alloc();
  }
  madvise(data_, bytes_, MADV_HUGEPAGE);  // random access over hundreds of MiB: a hint, so failure is no matter
}

LazyMapping::~LazyMapping() {
  if (data_ != nullptr) {
    munmap(data_, bytes_);
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
