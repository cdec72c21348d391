// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/allocator/idle_relief.h"
#include "sim/allocator/page_allocator.h"
#include "sim/base/random.h"
#include "sim/mm/memory.h"

namespace gbsim {

/** A vector on huge pages, so that the driver's own misses stay few. */
class LiveBlocks {
 public:
  explicit LiveBlocks(std::size_t capacity) : blocks_(capacity) {}
  PageIndex& operator[](std::size_t i) { return blocks_[i]; }
  PageIndex& back() { return blocks_[size_ - 1]; }
  std::size_t size() const { return size_; }
  void push_back(PageIndex page) { blocks_[size_++] = page; }
  void pop_back() { --size_; }
  /** Hints that @count entries from @first on will be read soon. */
  void prefetch(std::size_t first, std::size_t count) {
    constexpr std::size_t kPerLine = 64 / sizeof(PageIndex);
    for (std::size_t i = first; i < first + count; i += kPerLine) {
      prefetch_line(&blocks_[i]);
    }
  }

 private:
  LazyArray<PageIndex> blocks_;
  std::size_t size_ = 0;
};

/** One zone Normal of @memory_bytes. */
ZoneSpec one_zone(std::uint64_t memory_bytes);

/** A single-zone machine filled with blocks of one order, a share of which were then freed at random. */
class CoreWorld {
 public:
  CoreWorld(std::uint64_t memory_bytes, Order order, double full);

  Memory& memory() { return memory_; }
  Zone& zone() { return memory_.zone(0); }
  PageAllocator& allocator() { return allocator_; }
  RandomStream& random() { return random_; }
  /** First pages of live blocks, in no order. */
  LiveBlocks& live() { return live_; }
  Order order() const { return order_; }

  /** Straight to and from the free lists, no per-CPU list between. */
  PageIndex alloc_direct(Order order, Migratetype type);
  void free_direct(PageIndex page, Order order);
  /** Through the per-CPU lists of the zone, refilled by the placement. */
  PageIndex alloc_pcp(Order order, Migratetype type);
  /** The whole of alloc_pages(): flags, watermarks, zonelist, statistics. */
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
  IdleRelief relief_;
  PageAllocator allocator_;
  RandomStream random_;
  LiveBlocks live_;
};

}  // namespace gbsim
