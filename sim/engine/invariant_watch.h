// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/mm/memory.h"

namespace gbsim {

/** Base pages allocated and freed since boot. */
std::uint64_t page_operations(const Memory& memory);

/** Recounts all of memory every so many page operations. */
class InvariantWatch {
 public:
  /** @every: base pages allocated or freed between recounts; 0 never recounts. */
  InvariantWatch(const Memory& memory, std::uint64_t every) : memory_(&memory), every_(every), next_(every) {}

  /** Throws InvariantViolation if a recount is due and finds memory inconsistent. */
  void look() {
    if (every_ != 0) {
      recount_if_due();
    }
  }
  std::uint64_t recounts() const { return recounts_; }

 private:
  void recount_if_due();

  const Memory* memory_;
  std::uint64_t every_;
  std::uint64_t next_;
  std::uint64_t recounts_ = 0;
};

}  // namespace gbsim
