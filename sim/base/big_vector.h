// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace gbsim {

/**
 * Allocates large arrays on huge pages of the host: tables that are walked at random over hundreds of MiB would
 * otherwise miss the TLB at every step. Small arrays come from the heap as usual; of large ones only what is used
 * is committed, so that reserve() for the worst case costs nothing.
 */
template <class T>
struct HugePageAllocator {
  using value_type = T;

  HugePageAllocator() = default;
  template <class U>
  HugePageAllocator(const HugePageAllocator<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kWorthwhile) {
      return static_cast<T*>(::operator new(bytes, std::align_val_t{alignof(T)}));
    }
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
    if (memory == MAP_FAILED) {
      throw std::bad_alloc();
    }
    madvise(memory, bytes, MADV_HUGEPAGE);  // a hint: whether it is taken is no matter
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kWorthwhile) {
      ::operator delete(memory, std::align_val_t{alignof(T)});
    } else {
      munmap(memory, count * sizeof(T));
    }
  }

  bool operator==(const HugePageAllocator&) const = default;

 private:
  static constexpr std::size_t kWorthwhile = std::size_t{4} << 20;
};

/** A vector for tables that grow with simulated memory. */
template <class T>
using BigVector = std::vector<T, HugePageAllocator<T>>;

}  // namespace gbsim
