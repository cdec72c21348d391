// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/anon_memory.h"

#include <algorithm>
#include <utility>

#include "sim/base/check.h"
#include "sim/reclaim/reclaim.h"

namespace gbsim {

namespace {

constexpr Order kHuge{9};
constexpr Gfp kBase = gfp::kHighuserMovable.with(Gfp::zero | Gfp::comp);
constexpr Gfp kKernelPage = gfp::kKernelAccount.with(Gfp::zero);

}  // namespace

ProcessPages::ProcessPages(std::string name, WorkloadHost& host)
    : name_(std::move(name)), host_(host), owner_(host.memory.folios().register_owner(*this)) {}

std::uint32_t ProcessPages::alloc(CpuId cpu) {
  const PageRequest request{Order{0}, kKernelPage, cpu, host_.memory.node_of(cpu)};
  const auto folio = host_.allocator.alloc_folio(request, FolioUse{owner_});
  return folio ? folio->value : kNoFolio;
}

void ProcessPages::free(std::uint32_t folio, CpuId cpu) {
  if (folio != kNoFolio) {
    host_.allocator.free_folio(FolioId{folio}, cpu);
  }
}

void ProcessPages::on_evicted(FolioId, const Folio&) {
  GBSIM_CHECK(false);  // on no LRU list
}

AnonMemory::AnonMemory(std::string name, WorkloadHost& host)
    : name_(std::move(name)),
      host_(host),
      owner_(host.memory.folios().register_owner(*this)),
      tables_(name_ + "/kernel", host) {
  host_.reclaim.register_shrinker(*this);
}

AnonMemory::~AnonMemory() { host_.reclaim.unregister_shrinker(*this); }

void AnonMemory::count(NrPages pages, bool added) {
  Vmstat& vmstat = host_.memory.vmstat();
  if (added) {
    resident_ += pages;
    vmstat.add(VmEvent::nr_anon_pages, pages.value);
  } else {
    resident_ -= pages;
    vmstat.sub(VmEvent::nr_anon_pages, pages.value);
  }
}

RangeId AnonMemory::create(RangeKind kind) {
  RangeId id = static_cast<RangeId>(ranges_.size());
  if (free_.empty()) {
    ranges_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  ranges_[id] = Range{};
  ranges_[id].kind = kind;
  return id;
}

RangeId AnonMemory::cow_over(RangeId below) {
  const RangeId id = create(ranges_[below].kind);
  ranges_[id].below = below;
  return id;
}

std::uint32_t AnonMemory::resident(RangeId range) const {
  const Range& r = ranges_[range];
  return is_huge(range) ? kRangePages : r.present;
}

bool AnonMemory::is_empty(RangeId range) const {
  const Range& r = ranges_[range];
  return r.huge == kNoFolio && r.present == 0 && r.swapped == 0 && r.below == kNoRange;
}

bool AnonMemory::ensure_table(RangeId range, CpuId cpu) {
  if (ranges_[range].page_table == kNoFolio) {
    const std::uint32_t table = tables_.alloc(cpu);
    ranges_[range].page_table = table;
    host_.memory.vmstat().add(VmEvent::nr_page_table_pages, table == kNoFolio ? 0 : 1);
  }
  return ranges_[range].page_table != kNoFolio;
}

void AnonMemory::ensure_run(RangeId range) {
  if (ranges_[range].run == kNoRun) {
    ranges_[range].run = slots_.acquire();
  }
}

// Near and without effort first; who may wait then asks again, for any node and with reclaim: alloc_pages_mpol().
bool AnonMemory::fault_huge(RangeId range, CpuId cpu) {
  Memory& memory = host_.memory;
  const RangeKind kind = ranges_[range].kind;
  in_fault_ = range;
  if (!thp_wanted(memory.tunables(), kind) || !is_empty(range) || !ensure_table(range, cpu)) {
    return false;
  }
  const Gfp gfp = thp_gfp(memory.tunables(), kind);
  const FolioUse use{owner_, range * kRangePages, LruList::inactive_anon, kSwapBacked | kDirty};
  const PageRequest near{kHuge, gfp.with(Gfp::thisnode | Gfp::noretry), cpu, memory.node_of(cpu)};
  auto folio = host_.allocator.alloc_folio(near, use);
  if (!folio && gfp.may_block()) {
    folio = host_.allocator.alloc_folio(PageRequest{kHuge, gfp, cpu, memory.node_of(cpu)}, use);
  }
  memory.vmstat().add(folio ? VmEvent::thp_fault_alloc : VmEvent::thp_fault_fallback);
  if (!folio) {
    return false;
  }
  memory.vmstat().add(VmEvent::pgfault);
  memory.vmstat().add(VmEvent::nr_anon_transparent_hugepages);
  memory.meter().charge(WorkKind::fault);
  memory.meter().charge(WorkKind::zero_page, kRangePages);
  ranges_[range].huge = folio->value;
  count(kHuge.pages(), true);
  return true;
}

bool AnonMemory::fault_page(RangeId range, std::uint32_t page, CpuId cpu) {
  Memory& memory = host_.memory;
  in_fault_ = range;
  const std::uint32_t at = slot_at(range, page);
  const Shadow shadow = slots_[at].shadow();
  const auto flags = static_cast<std::uint8_t>(shadow == 0 ? kSwapBacked | kDirty : kSwapBacked);
  const FolioUse use{owner_, range * kRangePages + page, LruList::inactive_anon, flags};
  const auto folio = host_.allocator.alloc_folio(PageRequest{Order{0}, kBase, cpu, memory.node_of(cpu)}, use);
  if (!folio) {
    return false;
  }
  slots_[at] = PageSlot::of(*folio);
  ++ranges_[range].present;
  memory.meter().charge(WorkKind::fault);
  memory.vmstat().add(VmEvent::pgfault);
  if (shadow == 0) {
    memory.meter().charge(WorkKind::zero_page);
  } else {
    --ranges_[range].swapped;
    host_.reclaim.swap().read(NrPages{1});
    host_.reclaim.refault(*folio, shadow);
  }
  count(NrPages{1}, true);
  return true;
}

bool AnonMemory::populate(RangeId range, PageRun run, CpuId cpu) {
  if (is_huge(range)) {
    touch(range, run.first, true, cpu);
    return true;
  }
  in_fault_ = range;
  if (!ensure_table(range, cpu)) {
    return false;
  }
  ensure_run(range);
  for (std::uint32_t page = run.first; page < run.end(); ++page) {
    if (!slots_[slot_at(range, page)].is_folio() && !fault_page(range, page, cpu)) {
      return false;
    }
    host_.reclaim.mark_dirty(slots_[slot_at(range, page)].folio());
  }
  return true;
}

void AnonMemory::touch(RangeId range, std::uint32_t page, bool write, CpuId cpu) {
  const Range& r = ranges_[range];
  FolioId folio{r.huge};
  if (!is_huge(range)) {
    const PageSlot slot = r.run == kNoRun ? PageSlot{} : slots_[slot_at(range, page)];
    if (slot.absent() && r.below != kNoRange) {
      touch(r.below, page, false, cpu);
      return;
    }
    if (slot.absent() || (slot.is_shadow() && !fault_page(range, page, cpu))) {
      return;
    }
    folio = slots_[slot_at(range, page)].folio();
  }
  host_.reclaim.mark_accessed(folio);
  if (write) {
    host_.reclaim.mark_dirty(folio);
  }
}

std::uint64_t AnonMemory::count_objects(NodeId /*node*/) const {
  return deferred_.size() / host_.memory.nr_nodes();
}

}  // namespace gbsim
