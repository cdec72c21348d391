// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/maybe.h"
#include "sim/workload/model_base.h"

namespace gbsim {

/** Size of a driver's receive side, per CPU. */
struct RxRingSpec {
  std::uint64_t entries = 0;  // buffers posted to the card
  std::uint64_t pool = 0;     // recycled buffers kept for the next refill: the page pool's ptr_ring
  Order order{};              // of a buffer
};

/**
 * Receive buffers of a network driver: rings that are always full, and a page pool a ring that takes buffers back
 * once their data has been read. A filled buffer leaves only if another can be posted in its place.
 */
class RxRings {
 public:
  RxRings(std::string name, PageAllocator& allocator, const RxRingSpec& spec);

  /** Posts buffers until @cpu's ring is full or memory refuses. */
  void fill(CpuId cpu, Gfp gfp);
  /** The oldest posted buffer, now holding data; nullopt if nothing could be posted in its place. */
  Maybe<FolioId> take(CpuId cpu);
  /** Back to the pool of @home's ring if that has room, otherwise freed by @cpu. */
  void recycle(FolioId buffer, CpuId home, CpuId cpu);
  /** Freed by @cpu: the pool cannot have it back. */
  void free(FolioId buffer, CpuId cpu);
  /** Frees what is posted and pooled. */
  void clear();

  bool is_full(CpuId cpu) const { return rings_[cpu.value].posted.size() >= spec_.entries; }
  std::uint64_t buffer_bytes() const { return spec_.order.pages().value * kPageSize; }
  /** Pages of all buffers, whoever holds them. */
  NrPages pages() const { return pages_; }
  std::uint64_t pooled(CpuId cpu) const { return rings_[cpu.value].pool.size(); }

 private:
  struct Ring {
    std::vector<FolioId> posted{};
    std::size_t oldest = 0;
    std::vector<FolioId> pool{};  // last in, first out
  };

  Maybe<FolioId> fresh(CpuId cpu, Gfp gfp);
  Maybe<FolioId> replacement(CpuId cpu);

  PageAllocator& allocator_;
  KernelPages owner_;
  RxRingSpec spec_;
  std::vector<Ring> rings_;  // by CPU
  NrPages pages_;
};

}  // namespace gbsim
