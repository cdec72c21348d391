// SPDX-License-Identifier: GPL-2.0-or-later
// Anonymous memory going away, splitting and collapsing.
#include <algorithm>

#include "sim/base/check.h"
#include "sim/reclaim/reclaim.h"
#include "sim/workload/anon_memory.h"

namespace gbsim {

namespace {

constexpr Order kHuge{9};
constexpr std::uint32_t kMaxPtesSwap = kRangePages / 8;  // khugepaged/max_ptes_swap
constexpr std::uint32_t kMaxPtesNone = kRangePages - 1;  // khugepaged/max_ptes_none

}  // namespace

bool thp_wanted(const Tunables& tunables, RangeKind kind) {
  switch (tunables.thp_enabled) {
    case ThpEnabled::always:
      return kind.thp_fits;
    case ThpEnabled::madvise:
      return kind.thp_fits && kind.madvised;
    default:
      return false;
  }
}

Gfp thp_gfp(const Tunables& tunables, RangeKind kind) {
  const std::uint32_t patient = kind.madvised ? 0U : Gfp::noretry;
  const Gfp light = gfp::kTranshugeLight.with(Gfp::noretry);
  switch (tunables.thp_defrag) {
    case ThpDefrag::always:
      return gfp::kTranshuge.with(patient);
    case ThpDefrag::defer:
      return light.with(Gfp::kswapd_reclaim);
    case ThpDefrag::defer_madvise:
      return kind.madvised ? gfp::kTranshuge : light.with(Gfp::kswapd_reclaim);
    case ThpDefrag::madvise:
      return kind.madvised ? gfp::kTranshuge : light;
    default:
      return light;
  }
}

void AnonMemory::free_folio(FolioId folio, CpuId cpu) {
  count(host_.memory.folios()[folio].order.pages(), false);
  host_.reclaim.forget(folio);
  host_.allocator.free_folio(folio, cpu);
}

/** Takes the huge folio's mapping apart into page table entries that all point into it: __split_huge_pmd(). */
void AnonMemory::map_by_pages(RangeId range) {
  ensure_run(range);
  Range& r = ranges_[range];
  for (std::uint32_t page = 0; page < kRangePages; ++page) {
    slots_[slot_at(range, page)] = PageSlot::of(FolioId{r.huge});
  }
  r.present = kRangePages;
  r.by_pages = true;
  host_.memory.vmstat().add(VmEvent::thp_split_pmd);
}

void AnonMemory::forget_deferred(RangeId range) {
  if (ranges_[range].deferred) {
    std::erase(deferred_, range);
    ranges_[range].deferred = false;
  }
}

void AnonMemory::free_huge(RangeId range, CpuId cpu) {
  Range& r = ranges_[range];
  const FolioId folio{r.huge};
  forget_deferred(range);
  r.huge = kNoFolio;
  r.by_pages = false;
  host_.memory.vmstat().sub(VmEvent::nr_anon_transparent_hugepages);
  free_folio(folio, cpu);
}

void AnonMemory::discard_page(RangeId range, std::uint32_t page, CpuId cpu) {
  Range& r = ranges_[range];
  PageSlot& slot = slots_[slot_at(range, page)];
  if (slot.is_shadow()) {
    --r.swapped;
    host_.reclaim.swap().release(NrPages{1});
  } else if (slot.is_folio()) {
    --r.present;
    if (slot.folio().value != r.huge) {
      free_folio(slot.folio(), cpu);
    }
  }
  slot = PageSlot{};
}

// The records of pages mapped long ago are cold, and so is all that they point to.
void AnonMemory::prefetch_discard(RangeId range, std::uint32_t page, std::uint32_t end) const {
  constexpr std::uint32_t kRecordAhead = 16;
  constexpr std::uint32_t kPageAhead = 6;
  const auto slot_ahead = [&](std::uint32_t ahead) {
    return page + ahead < end ? slots_[slot_at(range, page + ahead)] : PageSlot{};
  };
  if (const PageSlot later = slot_ahead(kRecordAhead); later.is_folio()) {
    host_.memory.prefetch_folio(later.folio());
  }
  if (const PageSlot soon = slot_ahead(kPageAhead); soon.is_folio()) {
    host_.memory.prefetch_free(host_.memory.folios()[soon.folio()]);
  }
}

void AnonMemory::discard(RangeId range, PageRun run, CpuId cpu) {
  sweep(cpu);
  if (is_huge(range) && run.pages >= kRangePages) {
    free_huge(range, cpu);
    return;
  }
  if (is_huge(range)) {
    map_by_pages(range);
  }
  if (ranges_[range].run == kNoRun) {
    return;
  }
  for (std::uint32_t page = run.first; page < run.end(); ++page) {
    prefetch_discard(range, page, run.end());
    discard_page(range, page, cpu);
  }
  Range& r = ranges_[range];
  if (r.huge == kNoFolio) {
    return;
  }
  const FolioId huge{r.huge};
  bool used = false;
  for (std::uint32_t page = 0; page < kRangePages && !used; ++page) {
    used = slots_[slot_at(range, page)] == PageSlot::of(huge);
  }
  if (!used) {
    free_huge(range, cpu);
  } else if (!r.deferred) {
    r.deferred = true;
    deferred_.push_back(range);
    host_.memory.vmstat().add(VmEvent::thp_deferred_split_page);
  }
}

void AnonMemory::drop_pages(RangeId range, CpuId cpu) {
  if (is_huge(range)) {
    free_huge(range, cpu);
  } else if (ranges_[range].run != kNoRun) {
    discard(range, PageRun{0, kRangePages}, cpu);
  }
  if (ranges_[range].run != kNoRun) {
    slots_.release(ranges_[range].run);
    ranges_[range].run = kNoRun;
  }
}

void AnonMemory::reap(RangeId range, CpuId cpu) {
  if (range != in_fault_ && ranges_[range].users == 1) {
    discard(range, PageRun{0, kRangePages}, cpu);
  }
}

void AnonMemory::release(RangeId range, CpuId cpu) {
  sweep(cpu);
  while (range != kNoRange && --ranges_[range].users == 0) {
    drop_pages(range, cpu);
    const Range gone = ranges_[range];
    host_.memory.vmstat().sub(VmEvent::nr_page_table_pages, gone.page_table == kNoFolio ? 0 : 1);
    tables_.free(gone.page_table, cpu);
    ranges_[range] = Range{};
    free_.push_back(range);
    range = gone.below;
  }
}

bool AnonMemory::may_collapse(RangeId range) const {
  const Range& r = ranges_[range];
  const Tunables& tunables = host_.memory.tunables();
  if (!thp_wanted(tunables, r.kind) || r.huge != kNoFolio || r.users > 1 || r.below != kNoRange || r.present == 0 ||
      r.swapped > kMaxPtesSwap || kRangePages - r.present > kMaxPtesNone) {
    return false;
  }
  const FolioTable& folios = host_.memory.folios();
  for (std::uint32_t page = 0; page < kRangePages; ++page) {
    const PageSlot slot = slots_[slot_at(range, page)];
    if (slot.is_folio() && (folios[slot.folio()].flags & (kPinned | kIsolated | kWriteback)) != 0) {
      return false;
    }
  }
  return true;
}

Collapse AnonMemory::collapse(RangeId range, CpuId cpu) {
  Memory& memory = host_.memory;
  if (!may_collapse(range)) {
    return Collapse::unfit;
  }
  const Gfp gfp = gfp::kTranshuge.with(Gfp::thisnode);  // khugepaged/defrag is on by default
  const FolioUse use{owner_, range * kRangePages, LruList::inactive_anon, kSwapBacked | kDirty};
  const auto folio = host_.allocator.alloc_folio(PageRequest{kHuge, gfp, cpu, memory.node_of(cpu)}, use);
  if (!folio) {
    memory.vmstat().add(VmEvent::thp_collapse_alloc_failed);
    return Collapse::refused;
  }
  const std::uint32_t copied = ranges_[range].present;
  memory.vmstat().add(VmEvent::thp_collapse_alloc);
  memory.meter().charge(WorkKind::migrate_page, copied);
  memory.meter().charge(WorkKind::zero_page, kRangePages - copied);
  drop_pages(range, cpu);
  ranges_[range].huge = folio->value;
  memory.vmstat().add(VmEvent::nr_anon_transparent_hugepages);
  count(kHuge.pages(), true);
  return Collapse::done;
}

std::uint64_t AnonMemory::scan_objects(const ShrinkScope& scope, std::uint64_t nr_to_scan) {
  if (!scope.is_node()) {
    return 0;  // splitting frees movable memory, which nobody aims at
  }
  const CpuId cpu{};
  std::uint64_t split = 0;
  while (split < nr_to_scan && !deferred_.empty()) {
    const RangeId range = deferred_.front();
    const FolioId huge{ranges_[range].huge};
    if ((host_.memory.folios()[huge].flags & (kPinned | kIsolated | kWriteback)) != 0) {
      return split;
    }
    host_.memory.vmstat().add(VmEvent::thp_split_page);
    host_.reclaim.split_folio(huge);
    sweep(cpu);
    ++split;
  }
  return split;
}

/** Frees what on_split() found to be unused. */
void AnonMemory::sweep(CpuId cpu) {
  while (!garbage_.empty()) {
    const FolioId folio = garbage_.back();
    garbage_.pop_back();
    free_folio(folio, cpu);
  }
}

void AnonMemory::on_split(FolioId folio, const Folio& record, const std::vector<FolioId>& parts) {
  const RangeId range = record.cookie / kRangePages;
  if (is_huge(range)) {
    map_by_pages(range);
  }
  forget_deferred(range);
  Range& r = ranges_[range];
  GBSIM_CHECK(r.huge == folio.value && parts.size() == kRangePages);
  host_.memory.vmstat().sub(VmEvent::nr_anon_transparent_hugepages);
  r.huge = kNoFolio;
  r.by_pages = false;
  for (std::uint32_t page = 0; page < kRangePages; ++page) {
    host_.memory.folios()[parts[page]].cookie = record.cookie + page;
    PageSlot& slot = slots_[slot_at(range, page)];
    if (slot == PageSlot::of(folio)) {
      slot = PageSlot::of(parts[page]);
    } else {
      garbage_.push_back(parts[page]);
    }
  }
}

void AnonMemory::on_evicted(FolioId folio, const Folio& record) {
  const RangeId range = record.cookie / kRangePages;
  const PageSlot left = PageSlot::evicted(host_.reclaim.shadow_of(record));
  count(record.order.pages(), false);
  if (record.order == Order{0}) {
    const auto unused = std::ranges::find(garbage_, folio);
    if (unused != garbage_.end()) {
      garbage_.erase(unused);
      host_.reclaim.swap().release(NrPages{1});
      return;
    }
    slots_[slot_at(range, record.cookie % kRangePages)] = left;
    --ranges_[range].present;
    ++ranges_[range].swapped;
    return;
  }
  if (is_huge(range)) {
    map_by_pages(range);
  }
  forget_deferred(range);
  Range& r = ranges_[range];
  host_.memory.vmstat().sub(VmEvent::nr_anon_transparent_hugepages);
  r.huge = kNoFolio;
  r.by_pages = false;
  std::uint32_t evicted = 0;
  for (std::uint32_t page = 0; page < kRangePages; ++page) {
    PageSlot& slot = slots_[slot_at(range, page)];
    evicted += slot == PageSlot::of(folio) ? 1 : 0;
    slot = slot == PageSlot::of(folio) ? left : slot;
  }
  r.present = static_cast<std::uint16_t>(r.present - evicted);
  r.swapped = static_cast<std::uint16_t>(r.swapped + evicted);
  host_.reclaim.swap().release(NrPages{kRangePages - evicted});
}

}  // namespace gbsim
