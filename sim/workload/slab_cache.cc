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

/** calc_slab_order(): the first order from @floor on that wastes at most a @fraction of the slab. */
unsigned frugal_order(std::uint32_t object_size, unsigned floor, unsigned fraction) {
  unsigned order = floor;
  while (order <= kMaxSlabOrder && slab_bytes(order) % object_size > slab_bytes(order) / fraction) {
    ++order;
  }
  return order;
}

/** set_cpu_partial(): objects that a CPU's spare slabs may have room for. */
std::uint32_t cpu_partial_objects(std::uint32_t object_size) {
  if (object_size >= kPageSize) {
    return 6;
  }
  if (object_size >= 1024) {
    return 24;
  }
  return object_size >= 256 ? 52 : 120;
}

std::uint32_t cpu_partial_slabs(std::uint32_t object_size, Order order) {
  const auto per_slab = static_cast<std::uint32_t>(slab_bytes(order.value) / object_size);
  const std::uint32_t objects = 2 * cpu_partial_objects(object_size);  // slabs are taken to be half full
  return (objects + per_slab - 1) / per_slab;
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
  const auto most = static_cast<unsigned>(std::max<std::uint64_t>(slab_bytes(kMaxSlabOrder) / object_size, 1));
  const unsigned objects = std::min(4U * (static_cast<unsigned>(std::bit_width(cpus)) + 1U), most);
  const unsigned floor = minimum_slab_order(objects * object_size).value;
  for (unsigned fraction = 16; fraction > 1; fraction /= 2) {
    const unsigned order = frugal_order(object_size, floor, fraction);
    if (order <= kMaxSlabOrder) {
      return Order{order};
    }
  }
  return minimum_slab_order(object_size);
}

SlabCache::SlabCache(PageAllocator& allocator, SlabSpec spec)
    : allocator_(allocator),
      spec_(std::move(spec)),
      owner_name_("slab:" + spec_.name),
      owner_(allocator.memory().folios().register_owner(*this)),
      order_(spec_.order.value_or(preferred_slab_order(spec_.object_size, allocator.memory().nr_cpus()))),
      min_order_(minimum_slab_order(spec_.object_size)),
      max_cpu_partial_(cpu_partial_slabs(spec_.object_size, order_)),
      min_partial_(std::clamp(static_cast<std::uint32_t>(std::bit_width(spec_.object_size) - 1) / 2, 5U, 10U)),
      cpus_(allocator.memory().nr_cpus()),
      nodes_(allocator.memory().nr_nodes()) {
  GBSIM_CHECK(min_order_ <= order_);
}

std::optional<SlabObject> SlabCache::alloc(CpuId cpu, Gfp gfp) {
  allocator_.meter().charge(WorkKind::slab_object);
  CpuSlabs& own = cpus_[cpu.value];
  if ((own.active == kNone || is_full(own.active)) && !activate_next(cpu, gfp)) {
    return std::nullopt;
  }
  ++slabs_[own.active].in_use;
  ++objects_;
  return own.active;
}

bool SlabCache::activate_next(CpuId cpu, Gfp gfp) {
  CpuSlabs& own = cpus_[cpu.value];
  if (own.active != kNone) {
    slabs_[own.active].place = Place::full;
    own.active = kNone;
  }
  const NodeId home = allocator_.memory().node_of(cpu);
  std::uint32_t next = pop_cpu_partial(own);
  if (next == kNone) {
    next = take_node_partial(nodes_[home.value], own);
  }
  if (next == kNone) {
    next = take_remote_partial(home, own);
  }
  if (next == kNone) {
    next = new_slab(cpu, gfp);
  }
  if (next == kNone) {
    return false;
  }
  slabs_[next].place = Place::active;
  own.active = next;
  return true;
}

std::uint32_t SlabCache::pop_cpu_partial(CpuSlabs& own) {
  const std::uint32_t slab = own.partial;
  if (slab != kNone) {
    own.partial = slabs_[slab].next;
    --own.nr_partial;
  }
  return slab;
}

void SlabCache::push_cpu_partial(CpuSlabs& own, std::uint32_t slab) {
  slabs_[slab].place = Place::cpu_partial;
  slabs_[slab].next = own.partial;
  own.partial = slab;
  ++own.nr_partial;
}

std::uint32_t SlabCache::take_node_partial(NodeSlabs& node, CpuSlabs& own) {
  const std::uint32_t first = node.head;
  if (first == kNone) {
    return kNone;
  }
  unlink(node, first);
  for (std::uint32_t spare = 0; spare <= max_cpu_partial_ / 2 && node.head != kNone; ++spare) {
    const std::uint32_t slab = node.head;
    unlink(node, slab);
    push_cpu_partial(own, slab);
  }
  return first;
}

std::uint32_t SlabCache::take_remote_partial(NodeId home, CpuSlabs& own) {
  for (std::size_t distance = 1; distance < nodes_.size(); ++distance) {
    NodeSlabs& node = nodes_[(home.value + distance) % nodes_.size()];
    if (node.count > min_partial_) {
      return take_node_partial(node, own);
    }
  }
  return kNone;
}

void SlabCache::free(SlabObject object, std::uint32_t count, CpuId cpu) {
  allocator_.meter().charge(WorkKind::slab_object, count);
  Slab& slab = slabs_[object];
  GBSIM_DCHECK(slab.in_use >= count);
  slab.in_use = static_cast<std::uint16_t>(slab.in_use - count);
  objects_ -= count;
  if (slab.place == Place::full) {
    CpuSlabs& own = cpus_[cpu.value];
    if (own.nr_partial >= max_cpu_partial_) {
      unfreeze_partials(own, cpu);
    }
    push_cpu_partial(own, object);
  } else if (slab.place == Place::node_partial && slab.in_use == 0 && nodes_[slab.node].count >= min_partial_) {
    unlink(nodes_[slab.node], object);
    release(object, cpu);
  }
}

void SlabCache::unfreeze_partials(CpuSlabs& own, CpuId cpu) {
  for (std::uint32_t slab = pop_cpu_partial(own); slab != kNone; slab = pop_cpu_partial(own)) {
    keep_or_release(slab, cpu);
  }
}

void SlabCache::keep_or_release(std::uint32_t slab, CpuId cpu) {
  NodeSlabs& node = nodes_[slabs_[slab].node];
  if (slabs_[slab].in_use == 0 && node.count >= min_partial_) {
    release(slab, cpu);
  } else {
    append(node, slab);
  }
}

void SlabCache::append(NodeSlabs& node, std::uint32_t slab) {
  slabs_[slab].place = Place::node_partial;
  slabs_[slab].prev = node.tail;
  slabs_[slab].next = kNone;
  (node.tail == kNone ? node.head : slabs_[node.tail].next) = slab;
  node.tail = slab;
  ++node.count;
}

void SlabCache::unlink(NodeSlabs& node, std::uint32_t slab) {
  const Slab& record = slabs_[slab];
  (record.prev == kNone ? node.head : slabs_[record.prev].next) = record.next;
  (record.next == kNone ? node.tail : slabs_[record.next].prev) = record.prev;
  --node.count;
}

void SlabCache::release(std::uint32_t slab, CpuId cpu) {
  count_pages(allocator_.memory().folios()[slabs_[slab].folio], false);
  allocator_.free_folio(slabs_[slab].folio, cpu);
  unused_.push_back(slab);
  --live_slabs_;
}

void SlabCache::release_empty(NodeSlabs& node, CpuId cpu) {
  for (std::uint32_t slab = node.head; slab != kNone;) {
    const std::uint32_t next = slabs_[slab].next;
    if (slabs_[slab].in_use == 0) {
      unlink(node, slab);
      release(slab, cpu);
    }
    slab = next;
  }
}

void SlabCache::shrink(CpuId cpu) {
  for (CpuSlabs& own : cpus_) {
    unfreeze_partials(own, cpu);
    if (own.active != kNone && is_full(own.active)) {
      slabs_[own.active].place = Place::full;
    } else if (own.active != kNone) {
      keep_or_release(own.active, cpu);
    }
    own.active = kNone;
  }
  for (NodeSlabs& node : nodes_) {
    release_empty(node, cpu);
  }
}

// allocate_slab(): a caller that may block gives the preferred order up without any reclaim.
Gfp SlabCache::first_attempt(Gfp gfp) const {
  gfp = gfp.with(Gfp::nowarn | Gfp::noretry).without(Gfp::nofail);
  return gfp.may_block() && order_ > min_order_ ? gfp.with(Gfp::nomemalloc).without(gfp::kReclaim.bits()) : gfp;
}

Maybe<FolioId> SlabCache::slab_pages(CpuId cpu, Gfp gfp) {
  const std::uint32_t kind = spec_.reclaimable ? Gfp::reclaimable : 0U;
  const auto shaped = [&](Gfp flags, Order order) { return flags.with(kind | (order > Order{0} ? Gfp::comp : 0U)); };
  const NodeId node = allocator_.memory().node_of(cpu);
  const FolioUse use{owner_};
  if (const auto folio = allocator_.alloc_folio({order_, shaped(first_attempt(gfp), order_), cpu, node}, use)) {
    return folio;
  }
  ++fallbacks_;
  return allocator_.alloc_folio({min_order_, shaped(gfp, min_order_), cpu, node}, use);
}

// Reclaim on the way may free slabs of this very cache: its number is chosen afterwards.
std::uint32_t SlabCache::new_slab(CpuId cpu, Gfp gfp) {
  const auto folio = slab_pages(cpu, gfp);
  if (!folio) {
    return kNone;
  }
  auto slab = static_cast<std::uint32_t>(slabs_.size());
  if (unused_.empty()) {
    slabs_.emplace_back();
  } else {
    slab = unused_.back();
    unused_.pop_back();
  }
  Folio& record = allocator_.memory().folios()[*folio];
  record.cookie = slab;
  const std::uint64_t capacity = slab_bytes(record.order.value) / spec_.object_size;
  slabs_[slab] = Slab{};
  slabs_[slab].folio = *folio;
  slabs_[slab].capacity = static_cast<std::uint16_t>(std::min<std::uint64_t>(capacity, 32767));  // MAX_OBJS_PER_PAGE
  slabs_[slab].node = static_cast<std::uint8_t>(allocator_.memory().node_of(record).value);
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

void SlabCache::on_evicted(FolioId, const Folio&) {
  GBSIM_CHECK(false);  // slab pages are on no LRU list
}

SlabCache& SlabCaches::get(const SlabSpec& spec) {
  const auto is_it = [&](const auto& cache) { return cache->spec().name == spec.name; };
  const auto found = std::ranges::find_if(caches_, is_it);
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
