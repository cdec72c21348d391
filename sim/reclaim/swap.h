// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/mm/memory.h"
#include "sim/reclaim/device.h"

namespace gbsim {

/** Swap space as a count of slots, and the time of reading it back. */
class Swap {
 public:
  explicit Swap(Memory& memory);

  bool exists() const { return total_.value != 0; }
  NrPages free() const { return total_ - used_; }
  NrPages used() const { return used_; }
  /** Reserves slots for one folio; false if too few are left. */
  bool reserve(NrPages pages);
  /** Slots whose content nobody needs any more: read back, or their process is gone. */
  void release(NrPages pages);
  /** A fault on swapped-out memory: charges its work and the wait for the device. The slots stay reserved. */
  void read(NrPages pages);

 private:
  Memory& memory_;
  Device device_;
  NrPages total_;
  NrPages used_;
};

}  // namespace gbsim
