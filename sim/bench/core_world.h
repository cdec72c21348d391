// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/base/random.h"
#include "sim/mm/memory.h"

namespace gbsim {

/** Pressure never arises in a benchmark. */
class BenchRelief : public PressureRelief {
 public:
  void wake_kswapd(Zone&, const PageRequest&) override {}
  void wake_kcompactd(NodeId, Order) override {}
  NrPages direct_reclaim(const PageRequest&) override { return NrPages{}; }
  CompactOutcome direct_compact(const PageRequest&, CompactPriority) override { return CompactOutcome::skipped; }
  bool oom_kill(const PageRequest&) override { return false; }
  NrPages reclaimable_pages(NodeId) const override { return NrPages{}; }
};

/** A single-zone machine filled with blocks of one order, a share of which were then freed at random. */
class CoreWorld {
 public:
  CoreWorld(std::uint64_t memory_bytes, Order order, double full);

  Memory& memory() { return memory_; }
  Zone& zone() { return memory_.zone(0); }
  PageAllocator& allocator() { return allocator_; }
  RandomStream& random() { return random_; }
  /** First pages of live blocks, in no order. */
  std::vector<PageIndex>& live() { return live_; }
  Order order() const { return order_; }

  /** Straight to and from the free lists, no per-CPU list between. */
  PageIndex alloc_direct(Order order, Migratetype type);
  void free_direct(PageIndex page, Order order);
  PageIndex alloc(Order order, Gfp gfp);
  void free(PageIndex page, Order order) { memory_.free_pages(zone().pfn(page), order, CpuId{}); }

  double metadata_bytes_per_page() const;
  double total_bytes_per_page() const;

 private:
  void fill();
  void scatter(double full);

  Order order_;
  Tunables tunables_;
  Clock clock_;
  CostTable costs_;
  Memory memory_;
  BenchRelief relief_;
  PageAllocator allocator_;
  RandomStream random_;
  std::vector<PageIndex> live_;
};

}  // namespace gbsim
