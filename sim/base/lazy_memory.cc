// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/lazy_memory.h"

#include <sys/mman.h>

#include <new>

namespace gbsim {

void* map_lazily(std::size_t bytes) {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::bad_alloc();
  }
  madvise(memory, bytes, MADV_HUGEPAGE);  // a hint, so failure is no matter
  return memory;
}

void unmap_lazily(void* memory, std::size_t bytes) { munmap(memory, bytes); }

}  // namespace gbsim
