// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/lazy_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <new>
#include <vector>

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

std::uint64_t committed_bytes(void* memory, std::size_t bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> resident((bytes + page - 1) / page);
  if (mincore(memory, bytes, resident.data()) != 0) {
    return bytes;
  }
  std::uint64_t sum = 0;
  for (const unsigned char state : resident) {
    sum += (state & 1U) != 0 ? page : 0;
  }
  return sum;
}

}  // namespace gbsim
