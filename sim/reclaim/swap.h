// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/mm/memory.h"
#include "sim/reclaim/device.h"

namespace gbsim {

/**
 * Swap space as counts of slots, and the time of reading it back. Slots come in clusters of a pageblock's pages: a
 * cluster that smaller folios have touched serves them until none is in use, so huge folios need fresh ones.
 */
class Swap {
 public:
  explicit Swap(Memory& memory);

  bool exists() const { return total_.value != 0; }
  NrPages free() const { return total_ - used_; }
  NrPages used() const { return used_; }
  /** Slots in use are worth taking back from memory that was read in again: vm_swap_full(). */
  bool is_half_full() const { return used_ * 2 > total_; }
  /** One run of @pages slots is free. */
  bool fits(NrPages pages) const;
  /** Reserves slots for one folio; false if there is no such run. */
  bool reserve(NrPages pages);
  /** Slots whose content nobody needs any more: read back and written to, or their process is gone. */
  void release(NrPages pages);
  /** A fault on swapped-out memory: charges its work and the wait for the device. The slots stay reserved. */
  void read(NrPages pages);

 private:
  bool takes_cluster(NrPages pages) const { return pages >= cluster_; }
  NrPages untouched() const { return total_ - whole_ - scattered_area_; }
  NrPages rounded(NrPages pages) const;

  Memory& memory_;
  Device device_;
  NrPages cluster_;
  NrPages total_;
  NrPages used_;
  NrPages whole_{};           // slots of clusters that hold huge folios
  NrPages scattered_{};       // slots of smaller folios
  NrPages scattered_area_{};  // slots of the clusters they have touched
};

}  // namespace gbsim
