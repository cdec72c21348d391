// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "sim/base/lazy_memory.h"

namespace gbsim {

/** Zero-filled address space of @bytes, committed by the system page by page as it is written. */
class LazyMapping {
 public:
  explicit LazyMapping(std::size_t bytes);
  ~LazyMapping();
  LazyMapping(LazyMapping&& other) noexcept : data_(std::exchange(other.data_, nullptr)), bytes_(other.bytes_) {}
  LazyMapping& operator=(LazyMapping&&) = delete;

  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  /** Bytes resident now. */
  std::uint64_t committed_bytes() const { return gbsim::committed_bytes(data_, bytes_); }

 private:
  void* data_ = nullptr;
  std::size_t bytes_;
};

/** An array of zeroes as large as a machine's page count, of which only what is written costs memory. */
template <class T>
class LazyArray {
 public:
  explicit LazyArray(std::size_t size) : mapping_(size * sizeof(T)), data_(static_cast<T*>(mapping_.data())) {}

  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  std::uint64_t committed_bytes() const { return mapping_.committed_bytes(); }

 private:
  LazyMapping mapping_;
  T* data_;
};

}  // namespace gbsim
