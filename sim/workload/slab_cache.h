// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/mm/folio.h"

namespace gbsim {

/** One kmem_cache as its creator describes it. */
struct SlabSpec {
  std::string name;
  std::uint32_t object_size = 0;  // bytes, alignment included
  bool reclaimable = false;       // SLAB_RECLAIM_ACCOUNT
  std::optional<Order> order{};   // preferred order; by SLUB's rule if absent
};

/** An object is known by its slab: which slot of it does not matter to the page. */
using SlabObject = std::uint32_t;

/** SLUB's preferred order: waste below a sixteenth of the slab with enough objects for this many CPUs. */
Order preferred_slab_order(std::uint32_t object_size, unsigned cpus);
/** The smallest order that fits one object. */
Order minimum_slab_order(std::uint32_t object_size);

/**
 * A kmem_cache: a slab page is freed only when its last object goes. Each CPU allocates from its active slab, then
 * from partly filled ones, then from a new slab: at the preferred order first, then at the minimum order.
 */
class SlabCache : public FolioOwner {
 public:
  SlabCache(PageAllocator& allocator, SlabSpec spec);

  /** nullopt if no slab could be had. */
  std::optional<SlabObject> alloc(CpuId cpu, Gfp gfp);
  void free(SlabObject object, CpuId cpu);

  std::string_view name() const override { return spec_.name; }
  void on_evicted(FolioId folio, const Folio& record) override;

  const SlabSpec& spec() const { return spec_; }
  Order order() const { return order_; }
  std::uint64_t objects() const { return objects_; }
  std::uint64_t slabs() const { return live_slabs_; }
  NrPages pages() const { return pages_; }
  NodeId node_of(SlabObject object) const;

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  static constexpr std::uint32_t kMinPartial = 5;

  struct Slab {
    FolioId folio{};
    std::uint16_t in_use = 0;
    std::uint16_t capacity = 0;
    std::uint32_t partial_at = kNone;  // place in partial_
    bool active = false;
  };

  std::uint32_t next_slab(CpuId cpu, Gfp gfp);
  std::uint32_t new_slab(CpuId cpu, Gfp gfp);
  std::optional<FolioId> slab_pages(CpuId cpu, Gfp gfp, std::uint32_t slab);
  void add_partial(std::uint32_t slab);
  void remove_partial(std::uint32_t slab);
  void release(std::uint32_t slab, CpuId cpu);
  void count_pages(const Folio& folio, bool added);

  PageAllocator& allocator_;
  SlabSpec spec_;
  OwnerId owner_;
  Order order_;
  Order min_order_;
  std::vector<Slab> slabs_;
  std::vector<std::uint32_t> unused_;   // ids of slabs_ to use again
  std::vector<std::uint32_t> partial_;  // last in, first out
  std::vector<std::uint32_t> active_;   // by CPU
  std::uint64_t objects_ = 0;
  std::uint64_t live_slabs_ = 0;
  NrPages pages_;
};

/** All caches of the machine, by name, shared between the models that use them. */
class SlabCaches {
 public:
  explicit SlabCaches(PageAllocator& allocator) : allocator_(allocator) {}

  /** The cache called @spec.name, created on first use. */
  SlabCache& get(const SlabSpec& spec);
  const std::vector<std::unique_ptr<SlabCache>>& all() const { return caches_; }

 private:
  PageAllocator& allocator_;
  std::vector<std::unique_ptr<SlabCache>> caches_;
};

/** The kmalloc cache for @size bytes, such as kmalloc-1k. */
SlabSpec kmalloc_spec(std::uint32_t size);

}  // namespace gbsim
