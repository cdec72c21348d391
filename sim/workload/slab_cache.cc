// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/slab_cache.h"

#include <algorithm>
#include <array>
#include <bit>

#include "sim/base/check.h"

namespace gbsim {

namespace {

constexpr unsigned kMaxSlabOrder = 3;  // slub_max_order: PAGE_ALLOC_COSTLY_ORDER

std::uint64_t slab_bytes(unsigned order) {
  return kPageSize << order;
}

}  // namespace

Order minimum_slab_order(std::uint32_t object_size) {
  unsigned order = 0;
  while (slab_bytes(order) < object_size) {
    ++order;
  }
  return Order{order};
}

Order preferred_slab_order(std::uint32_t object_size, unsigned cpus) {
  const unsigned floor = minimum_slab_order(object_size).value;
  const auto most = static_cast<unsigned>(slab_bytes(kMaxSlabOrder) / object_size);
  const unsigned wanted = std::min(4U * (static_cast<unsigned>(std::bit_width(cpus)) + 1U), std::max(most, 1U));
  for (unsigned objects = wanted; objects >= 1; objects /= 2) {
    for (unsigned fraction = 16; fraction >= 4; fraction /= 2) {
      for (unsigned order = floor; order <= kMaxSlabOrder; ++order) {
        const std::uint64_t bytes = slab_bytes(order);
        if (bytes >= std::uint64_t{objects} * object_size && bytes % object_size <= bytes / fraction) {
          return Order{order};
        }
      }
    }
  }
  return Order{floor};
}

SlabCache::SlabCache(PageAllocator& allocator, SlabSpec spec)
    : allocator_(allocator),
      spec_(std::move(spec)),
      owner_(allocator.memory().folios().register_owner(*this)),
      order_(spec_.order.value_or(preferred_slab_order(spec_.object_size, allocator.memory().nr_cpus()))),
      min_order_(minimum_slab_order(spec_.object_size)),
      active_(allocator.memory().nr_cpus(), kNone) {}

std::optional<SlabObject> SlabCache::alloc(CpuId cpu, Gfp gfp) {
  allocator_.meter().charge(WorkKind::slab_object);
  std::uint32_t& active = active_[cpu.value];
  if (active == kNone || slabs_[active].in_use == slabs_[active].capacity) {
    const std::uint32_t next = next_slab(cpu, gfp);
    if (next == kNone) {
      return std::nullopt;
    }
    if (active != kNone) {
      slabs_[active].active = false;
    }
    active = next;
    slabs_[next].active = true;
  }
  ++slabs_[active].in_use;
  ++objects_;
  return active;
}

std::uint32_t SlabCache::next_slab(CpuId cpu, Gfp gfp) {
  if (partial_.empty()) {
    return new_slab(cpu, gfp);
  }
  const std::uint32_t slab = partial_.back();
  remove_partial(slab);
  return slab;
}

std::optional<FolioId> SlabCache::slab_pages(CpuId cpu, Gfp gfp, std::uint32_t slab) {
  const std::uint32_t kind = spec_.reclaimable ? Gfp::reclaimable : 0U;
  const NodeId node = allocator_.memory().node_of(cpu);
  const FolioUse use{owner_, slab};
  if (order_ > min_order_) {
    const PageRequest best{order_, gfp::kSlabHighOrder.with(kind), cpu, node};
    if (const auto folio = allocator_.alloc_folio(best, use)) {
      return folio;
    }
  }
  return allocator_.alloc_folio(PageRequest{min_order_, gfp.with(kind | Gfp::comp), cpu, node}, use);
}

std::uint32_t SlabCache::new_slab(CpuId cpu, Gfp gfp) {
  std::uint32_t slab = static_cast<std::uint32_t>(slabs_.size());
  if (!unused_.empty()) {
    slab = unused_.back();
  }
  const auto folio = slab_pages(cpu, gfp, slab);
  if (!folio) {
    return kNone;
  }
  if (slab == slabs_.size()) {
    slabs_.emplace_back();
  } else {
    unused_.pop_back();
  }
  const Folio& record = allocator_.memory().folios()[*folio];
  const std::uint64_t capacity = slab_bytes(record.order.value) / spec_.object_size;
  slabs_[slab] = Slab{*folio, 0, static_cast<std::uint16_t>(std::min<std::uint64_t>(capacity, 32767))};
  ++live_slabs_;
  count_pages(record, true);
  return slab;
}

void SlabCache::count_pages(const Folio& folio, bool added) {
  const NrPages pages = folio.order.pages();
  Vmstat& vmstat = allocator_.memory().vmstat();
  const VmEvent event = spec_.reclaimable ? VmEvent::nr_slab_reclaimable : VmEvent::nr_slab_unreclaimable;
  if (added) {
    pages_ += pages;
    vmstat.add(event, pages.value);
  } else {
    pages_ -= pages;
    vmstat.sub(event, pages.value);
  }
}

void SlabCache::add_partial(std::uint32_t slab) {
  slabs_[slab].partial_at = static_cast<std::uint32_t>(partial_.size());
  partial_.push_back(slab);
}

void SlabCache::remove_partial(std::uint32_t slab) {
  const std::uint32_t at = slabs_[slab].partial_at;
  partial_[at] = partial_.back();
  slabs_[partial_[at]].partial_at = at;
  partial_.pop_back();
  slabs_[slab].partial_at = kNone;
}

void SlabCache::free(SlabObject object, CpuId cpu) {
  allocator_.meter().charge(WorkKind::slab_object);
  Slab& slab = slabs_[object];
  GBSIM_DCHECK(slab.in_use > 0);
  --slab.in_use;
  --objects_;
  if (slab.active) {
    return;
  }
  if (slab.partial_at == kNone) {
    add_partial(object);
  }
  if (slab.in_use == 0 && partial_.size() > kMinPartial) {
    release(object, cpu);
  }
}

void SlabCache::release(std::uint32_t slab, CpuId cpu) {
  remove_partial(slab);
  count_pages(allocator_.memory().folios()[slabs_[slab].folio], false);
  allocator_.free_folio(slabs_[slab].folio, cpu);
  unused_.push_back(slab);
  --live_slabs_;
}

NodeId SlabCache::node_of(SlabObject object) const {
  const Memory& memory = allocator_.memory();
  return memory.node_of(memory.folios()[slabs_[object].folio]);
}

void SlabCache::on_evicted(FolioId, const Folio&) {
  GBSIM_CHECK(false);  // slab pages are on no LRU list
}

SlabCache& SlabCaches::get(const SlabSpec& spec) {
  const auto found = std::ranges::find_if(caches_, [&](const auto& cache) { return cache->name() == spec.name; });
  if (found != caches_.end()) {
    return **found;
  }
  return *caches_.emplace_back(std::make_unique<SlabCache>(allocator_, spec));
}

SlabSpec kmalloc_spec(std::uint32_t size) {
  constexpr std::array<std::uint32_t, 13> kSizes{8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192};
  const auto* fit = std::ranges::lower_bound(kSizes, size);
  const std::uint32_t bytes = fit == kSizes.end() ? kSizes.back() : *fit;
  const std::string label = bytes >= 1024 ? std::to_string(bytes / 1024) + "k" : std::to_string(bytes);
  return SlabSpec{"kmalloc-" + label, bytes};
}

}  // namespace gbsim
