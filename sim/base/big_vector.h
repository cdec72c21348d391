// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

#include "sim/base/lazy_memory.h"

namespace gbsim {

/**
 * Maps large arrays lazily, so that reserve() for the worst case costs nothing; small ones come from the heap.
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
    return static_cast<T*>(map_lazily(bytes));
  }

  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < kWorthwhile) {
      ::operator delete(memory, std::align_val_t{alignof(T)});
    } else {
      unmap_lazily(memory, count * sizeof(T));
    }
  }

  /** Elements of built-in types start without a value, so that they commit no memory before they get one. */
  template <class U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <class U, class... Args>
  void construct(U* place, Args&&... args) {
    ::new (static_cast<void*>(place)) U(std::forward<Args>(args)...);
  }

  /** Bytes that @count elements at @memory hold of the system's memory. */
  static std::uint64_t resident_bytes(T* memory, std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    return bytes < kWorthwhile ? bytes : committed_bytes(memory, bytes);
  }

  bool operator==(const HugePageAllocator&) const = default;

 private:
  static constexpr std::size_t kWorthwhile = std::size_t{4} << 20;
};

/** A vector for tables that grow with simulated memory. */
template <class T>
using BigVector = std::vector<T, HugePageAllocator<T>>;

}  // namespace gbsim
