// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/base/big_vector.h"
#include "sim/base/maybe.h"
#include "sim/base/prefetch.h"
#include "sim/mm/folio.h"

namespace gbsim {

/** One kmem_cache as its creator describes it. */
struct SlabSpec {
  std::string name;
  std::uint32_t object_size = 0;  // bytes, alignment included
  bool reclaimable = false;       // SLAB_RECLAIM_ACCOUNT
  Maybe<Order> order{};   // preferred order; by SLUB's rule if absent
};

/** An object is known by its slab: which slot of it does not matter to the page. */
using SlabObject = std::uint32_t;

/** SLUB's calculate_order(): enough objects for this many CPUs, little waste, at most slub_max_order. */
Order preferred_slab_order(std::uint32_t object_size, unsigned cpus);
/** The smallest order that fits one object. */
Order minimum_slab_order(std::uint32_t object_size);

/**
 * A kmem_cache of SLUB: a slab page is freed only when its last object goes. A CPU allocates from its active slab,
 * then from its own partly filled slabs, then from those of the node, then from a new slab, at the preferred order
 * first and at the minimum order with the caller's flags when that is refused.
 */
class SlabCache final : public FolioOwner {
 public:
  SlabCache(PageAllocator& allocator, SlabSpec spec);

  /** nullopt if no slab could be had. */
  std::optional<SlabObject> alloc(CpuId cpu, Gfp gfp);
  void free(SlabObject object, CpuId cpu) { free(object, 1, cpu); }
  /** @count objects of one slab. */
  void free(SlabObject object, std::uint32_t count, CpuId cpu);
  /** Gives back every slab without objects, also those that CPUs and nodes keep in reserve: kmem_cache_shrink(). */
  void shrink(CpuId cpu);

  /** "slab:" and the cache's name. */
  std::string_view name() const override { return owner_name_; }
  void on_evicted(FolioId folio, const Folio& record) override;

  const SlabSpec& spec() const { return spec_; }
  Order order() const { return order_; }
  Order min_order() const { return min_order_; }
  std::uint64_t objects() const { return objects_; }
  std::uint64_t slabs() const { return live_slabs_; }
  NrPages pages() const { return pages_; }
  /** Slabs for which the preferred order was refused. */
  std::uint64_t fallbacks() const { return fallbacks_; }
  NodeId node_of(SlabObject object) const { return NodeId{slabs_[object].node}; }
  /** Where its slab begins. */
  Pfn pfn_of(SlabObject object) const { return allocator_.memory().folios()[slabs_[object].folio].pfn; }
  void prefetch(SlabObject object) const { prefetch_line(&slabs_[object]); }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;

  /** Who may hand out its free slots. Full slabs belong to nobody until an object of theirs is freed. */
  enum class Place : std::uint8_t { full, active, cpu_partial, node_partial };

  struct Slab {
    FolioId folio{};
    std::uint32_t prev = kNone;  // in the node's list
    std::uint32_t next = kNone;  // in the node's list or on a CPU's stack
    std::uint16_t in_use = 0;
    std::uint16_t capacity = 0;
    Place place = Place::full;
    std::uint8_t node = 0;
  };

  struct CpuSlabs {
    std::uint32_t active = kNone;
    std::uint32_t partial = kNone;  // last in, first out
    std::uint32_t nr_partial = 0;
  };

  /** First in, first out: deactivated slabs join at the tail. */
  struct NodeSlabs {
    std::uint32_t head = kNone;
    std::uint32_t tail = kNone;
    std::uint32_t count = 0;
  };

  bool is_full(std::uint32_t slab) const { return slabs_[slab].in_use == slabs_[slab].capacity; }
  bool activate_next(CpuId cpu, Gfp gfp);
  std::uint32_t pop_cpu_partial(CpuSlabs& own);
  void push_cpu_partial(CpuSlabs& own, std::uint32_t slab);
  /** The oldest slab of @node; more of them, up to half its limit, go to @own. */
  std::uint32_t take_node_partial(NodeSlabs& node, CpuSlabs& own);
  std::uint32_t take_remote_partial(NodeId home, CpuSlabs& own);
  void unfreeze_partials(CpuSlabs& own, CpuId cpu);
  void keep_or_release(std::uint32_t slab, CpuId cpu);
  void append(NodeSlabs& node, std::uint32_t slab);
  void unlink(NodeSlabs& node, std::uint32_t slab);
  void release(std::uint32_t slab, CpuId cpu);
  void release_empty(NodeSlabs& node, CpuId cpu);

  std::uint32_t new_slab(CpuId cpu, Gfp gfp);
  Maybe<FolioId> slab_pages(CpuId cpu, Gfp gfp);
  Gfp first_attempt(Gfp gfp) const;
  void count_pages(const Folio& folio, bool added);

  PageAllocator& allocator_;
  SlabSpec spec_;
  std::string owner_name_;
  OwnerId owner_;
  Order order_;
  Order min_order_;
  std::uint32_t max_cpu_partial_;  // slabs a CPU keeps
  std::uint32_t min_partial_;      // slabs a node keeps even if they are empty
  BigVector<Slab> slabs_;
  std::vector<std::uint32_t> unused_;  // ids of slabs_ to use again
  std::vector<CpuSlabs> cpus_;
  std::vector<NodeSlabs> nodes_;
  std::uint64_t objects_ = 0;
  std::uint64_t live_slabs_ = 0;
  std::uint64_t fallbacks_ = 0;
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
