// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/base/big_vector.h"
#include "sim/reclaim/shrinker.h"
#include "sim/workload/page_slot.h"
#include "sim/workload/workload.h"

namespace gbsim {

using RangeId = std::uint32_t;

inline constexpr RangeId kNoRange = ~RangeId{0};
inline constexpr std::uint32_t kRangePages = 512;  // 2 MiB: what one page table maps, and one THP

/** What a range of memory may be mapped by. */
struct RangeKind {
  bool thp_fits = false;  // its VMA spans the aligned 2 MiB
  bool madvised = false;  // MADV_HUGEPAGE
};

/** What khugepaged came to in one range: one THP, nothing to be done there, or no huge page to be had. */
enum class Collapse : std::uint8_t { done, unfit, refused };

/** A run of base pages within one range. */
struct PageRun {
  std::uint32_t first = 0;
  std::uint32_t pages = 0;

  std::uint32_t end() const { return first + pages; }
};

/** Kernel memory that belongs to processes: page tables, stacks. Never on an LRU, never moved. */
class ProcessPages final : public FolioOwner {
 public:
  ProcessPages(std::string name, WorkloadHost& host);
  /** One order-0 page, KERNEL_ACCOUNT; kNoFolio if refused. */
  std::uint32_t alloc(CpuId cpu);
  void free(std::uint32_t folio, CpuId cpu);
  std::string_view name() const override { return name_; }
  void on_evicted(FolioId folio, const Folio& record) override;

 private:
  std::string name_;
  WorkloadHost& host_;
  OwnerId owner_;
};

/** Whether an anonymous fault in a range of @kind asks for a THP, and how: mm/huge_memory.c, vma_thp_gfp_mask(). */
bool thp_wanted(const Tunables& tunables, RangeKind kind);
Gfp thp_gfp(const Tunables& tunables, RangeKind kind);

/**
 * Anonymous memory in aligned ranges of 2 MiB: each a THP, base pages, or a THP that is mapped by pages because a part
 * of it was given back. Ranges are shared by fork and copied on write.
 */
class AnonMemory final : public FolioOwner, public Shrinker {
 public:
  AnonMemory(std::string name, WorkloadHost& host);
  ~AnonMemory() override;
  AnonMemory(const AnonMemory&) = delete;
  AnonMemory& operator=(const AnonMemory&) = delete;

  RangeId create(RangeKind kind);
  /** One user less; the last one's going frees everything, copied-on-write ancestors included. */
  void release(RangeId range, CpuId cpu);
  void share(RangeId range) { ++ranges_[range].users; }
  bool is_shared(RangeId range) const { return ranges_[range].users > 1; }
  /** A private, empty range over @below, which it holds; writes go to it. */
  RangeId cow_over(RangeId below);

  /** A first touch: a THP if the kind and the tunables allow and one can be had. Counts success and fallback. */
  bool fault_huge(RangeId range, CpuId cpu);
  /** Writes to pages: missing ones are faulted in, swapped ones read back. False if memory was refused. */
  bool populate(RangeId range, PageRun run, CpuId cpu);
  /** A read or write of one page that exists, here or below; swapped-out ones come back. */
  void touch(RangeId range, std::uint32_t page, bool write, CpuId cpu);
  /** madvise(MADV_DONTNEED) or munmap(): base pages go at once; a THP only once all of it is given back. */
  void discard(RangeId range, PageRun run, CpuId cpu);
  /** The OOM reaper: frees what is in memory unless others share it or a fault is under way there. */
  void reap(RangeId range, CpuId cpu);
  /** khugepaged: base pages become one THP. */
  Collapse collapse(RangeId range, CpuId cpu);

  /** Pages of its own in memory. */
  std::uint32_t resident(RangeId range) const;
  std::uint32_t swapped(RangeId range) const { return ranges_[range].swapped; }
  bool is_huge(RangeId range) const { return ranges_[range].huge != kNoFolio && !ranges_[range].by_pages; }
  /** Nothing in memory or swap: the range may as well be unmapped. */
  bool is_empty(RangeId range) const;
  bool thp_fits(RangeId range) const { return ranges_[range].kind.thp_fits; }
  ProcessPages& tables() { return tables_; }
  NrPages resident() const { return resident_; }
  std::size_t live_ranges() const { return ranges_.size() - free_.size(); }
  /** Ranges whose THP waits to be split because it is partly unused. */
  std::size_t deferred_splits() const { return deferred_.size(); }

  std::string_view name() const override { return name_; }
  void on_evicted(FolioId folio, const Folio& record) override;
  void on_split(FolioId folio, const Folio& record, const std::vector<FolioId>& parts) override;
  std::uint64_t count_objects(NodeId node) const override;
  std::uint64_t scan_objects(const ShrinkScope& scope, std::uint64_t nr_to_scan) override;

 private:
  struct Range {
    std::uint32_t huge = kNoFolio;
    std::uint32_t run = kNoRun;           // of slots; none while wholly absent or huge
    std::uint32_t page_table = kNoFolio;  // a THP has one deposited, too
    RangeId below = kNoRange;
    std::uint16_t present = 0;  // slots that hold a folio
    std::uint16_t swapped = 0;
    std::uint16_t users = 1;
    RangeKind kind{};
    bool by_pages = false;  // the THP is mapped by page table entries
    bool deferred = false;
  };

  static constexpr std::uint32_t kNoRun = ~std::uint32_t{0};

  bool ensure_table(RangeId range, CpuId cpu);
  void ensure_run(RangeId range);
  std::uint32_t slot_at(RangeId range, std::uint32_t page) const {
    return slots_.position(ranges_[range].run, page);
  }
  bool fault_page(RangeId range, std::uint32_t page, CpuId cpu);
  void map_by_pages(RangeId range);
  void prefetch_discard(RangeId range, std::uint32_t page, std::uint32_t end) const;
  void discard_page(RangeId range, std::uint32_t page, CpuId cpu);
  void free_huge(RangeId range, CpuId cpu);
  void free_folio(FolioId folio, CpuId cpu);
  void drop_pages(RangeId range, CpuId cpu);
  bool may_collapse(RangeId range) const;
  void forget_deferred(RangeId range);
  void sweep(CpuId cpu);
  void count(NrPages pages, bool added);

  std::string name_;
  WorkloadHost& host_;
  OwnerId owner_;
  ProcessPages tables_;
  SlotPool slots_{Order{9}};
  BigVector<Range> ranges_;
  std::vector<RangeId> free_;
  std::vector<RangeId> deferred_;
  std::vector<FolioId> garbage_;  // parts of split THPs that nobody maps
  NrPages resident_;
  RangeId in_fault_ = kNoRange;  // the last that memory was allocated for
};

}  // namespace gbsim
