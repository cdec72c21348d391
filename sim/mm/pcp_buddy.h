// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/base/types.h"
#include "sim/mm/free_list.h"
#include "sim/mm/lazy_array.h"
#include "sim/mm/migratetype.h"

namespace gbsim {

/**
 * How a refill comes by pages, in the order it tries: what own pageblocks lost to earlier drains, whole pageblocks, the
 * rest of pageblocks that nobody owns, parts of pageblocks (not owned), and what any allocation could have.
 */
enum class RefillPhase : std::uint8_t { recover, claim, adopt, chunk, fallback };

inline constexpr std::array<std::string_view, 5> kRefillPhaseNames{"recover", "claim", "adopt", "chunk", "fallback"};
inline constexpr std::size_t kNrRefillPhases = kRefillPhaseNames.size();

/** What the CPUs of one zone did with pageblocks of their own, since boot. */
struct PcpBuddyCounts {
  std::array<std::uint64_t, kNrRefillPhases> refill_pages{};
  std::uint64_t refills = 0;
  std::uint64_t claimed = 0;         // whole pageblocks
  std::uint64_t adopted = 0;         // partly used pageblocks
  std::uint64_t released = 0;        // pageblocks that became whole on the free lists
  std::uint64_t frees_owned = 0;     // calls: by the owner of the pageblock
  std::uint64_t frees_unowned = 0;   // to the freeing CPU's list, nobody owns the pageblock
  std::uint64_t frees_remote = 0;    // onto the owner's lockless list
  std::uint64_t frees_refused = 0;   // to the buddy, because that list was full
  std::uint64_t splits = 0;
  std::uint64_t merges = 0;
  std::uint64_t drains = 0;
  std::uint64_t drained_pages = 0;
  std::uint64_t drained_blocks = 0;

  PcpBuddyCounts& operator+=(const PcpBuddyCounts& other);
  PcpBuddyCounts& operator-=(const PcpBuddyCounts& other);
};

/** Blocks of one order and type on one CPU; those put at the head since the last merge are its first @fresh ones. */
struct PcpBuddyList {
  FreeList blocks;
  std::uint32_t fresh = 0;
};

/** What one CPU holds of one zone besides the numbers in PcpLists. */
struct PcpBuddyLists {
  std::unique_ptr<PcpBuddyList[]> lists;   // by order, up to a pageblock's, and type
  std::vector<PageIndex> remote;           // freed by other CPUs, not yet looked at; oldest first
  std::uint64_t remote_pages = 0;
  std::vector<std::uint32_t> recoverable;  // own pageblocks with parts on the free lists; outdated entries may remain
};

/**
 * Pageblocks owned by CPUs, of one zone, and the pages they hold: the data of the pcp variant `pcpbuddy` (Weiner, RFC
 * 20260403194526.477775, with the lockless remote list of van Riel's RFC v2-03). PcpBuddyCpu works on it.
 */
class PcpBuddy {
 public:
  PcpBuddy(PageIndex pages, Order pageblock, unsigned nr_cpus);

  std::optional<CpuId> owner(std::size_t pageblock) const;
  bool owns(CpuId cpu, std::size_t pageblock) const { return owners_[pageblock].tag == tag(cpu); }
  void own(std::size_t pageblock, CpuId cpu) { owners_[pageblock] = {tag(cpu), false}; }
  /** The pageblock became whole on the free lists: nobody's, if it was somebody's. */
  void release(std::size_t pageblock);
  /** Parts of @cpu's own pageblock went to the free lists: its next refill looks there first. */
  void note_recoverable(std::size_t pageblock, CpuId cpu);
  bool is_recoverable(std::size_t pageblock) const { return owners_[pageblock].recoverable; }
  void clear_recoverable(std::size_t pageblock) { owners_[pageblock].recoverable = false; }

  Order pageblock() const { return pageblock_; }
  unsigned nr_cpus() const { return static_cast<unsigned>(cpus_.size()); }
  std::size_t nr_pageblocks() const { return owners_.size(); }
  PcpBuddyLists& of(CpuId cpu) { return cpus_[cpu.value]; }
  const PcpBuddyLists& of(CpuId cpu) const { return cpus_[cpu.value]; }
  PcpBuddyList& list(CpuId cpu, Order order, Migratetype type) { return of(cpu).lists[slot(order, type)]; }
  const PcpBuddyList& list(CpuId cpu, Order order, Migratetype type) const { return of(cpu).lists[slot(order, type)]; }
  /** Where a block that is on some list stands there. */
  std::uint32_t& position(PageIndex block) { return positions_[block]; }
  /** Pages on all remote lists. */
  std::uint64_t remote_pages() const;

  PcpBuddyCounts& counts() { return counts_; }
  const PcpBuddyCounts& counts() const { return counts_; }
  std::uint64_t metadata_bytes() const;

 private:
  struct Owner {
    std::uint16_t tag = 0;  // CPU plus one; 0: nobody
    bool recoverable = false;
  };

  static std::uint16_t tag(CpuId cpu) { return static_cast<std::uint16_t>(cpu.value + 1U); }
  static std::size_t slot(Order order, Migratetype type) { return order.value * kNrPcpTypes + index(type); }
  std::size_t nr_lists() const { return (pageblock_.value + std::size_t{1}) * kNrPcpTypes; }

  Order pageblock_;
  std::vector<Owner> owners_;
  std::vector<PcpBuddyLists> cpus_;
  LazyArray<std::uint32_t> positions_;
  PcpBuddyCounts counts_;
};

}  // namespace gbsim
