// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/base/big_vector.h"
#include "sim/base/maybe.h"
#include "sim/base/prefetch.h"
#include "sim/base/tunables.h"
#include "sim/base/types.h"
#include "sim/mm/alloc_flags.h"
#include "sim/mm/folio.h"
#include "sim/mm/free_area.h"
#include "sim/mm/gigablock_index.h"
#include "sim/mm/gigablock_listener.h"
#include "sim/mm/kernel_rules.h"
#include "sim/mm/migratetype.h"
#include "sim/mm/page_map.h"
#include "sim/mm/page_view.h"
#include "sim/mm/pageblock.h"
#include "sim/mm/pcp.h"
#include "sim/mm/pcp_buddy.h"
#include "sim/mm/trace.h"
#include "sim/mm/watermark_query.h"
#include "sim/mm/zone_spec.h"
#include "sim/mm/zone_stat.h"

namespace gbsim {

/**
 * One zone: its page map, pageblocks, free lists, per-CPU lists and counters. Carries out what a placement decided
 * and keeps every counter in step; it chooses nothing but the exact free-list order that Linux has.
 * Raw pages are allocated and have no folio. run_on() names the CPU whose counters and lists an operation uses.
 */
class Zone {
 public:
  Zone(const ZoneSpec& spec, unsigned index, KernelVersion rules);

  // What it is.
  Pfn start() const { return spec_.start; }
  Pfn end() const { return spec_.start + spec_.spanned; }
  bool contains(Pfn pfn) const { return pfn >= start() && pfn < end(); }
  NrPages spanned() const { return spec_.spanned; }
  NrPages present() const { return present_; }
  NrPages managed() const { return spec_.managed.value_or(managed_); }
  ZoneType type() const { return spec_.type; }
  NodeId node() const { return spec_.node; }
  unsigned index() const { return index_; }
  unsigned nr_cpus() const { return spec_.nr_cpus; }
  /** Blocks of @order stop at per-CPU lists on their way to the buddy and back. */
  bool caches_per_cpu(Order order) const {
    return spec_.pcp != PcpKind::none && pcp_allowed(order, spec_.orders.pageblock);
  }
  bool has_cma() const { return !spec_.cma.empty(); }
  const ZoneOrders& orders() const { return spec_.orders; }
  const ZoneSpec& spec() const { return spec_; }
  const KernelRules& rules() const { return *rules_; }
  /** Non-movable pageblocks lie below boundary() and movable ones above. */
  bool is_confined() const { return spec_.confined_share > 0; }
  /** On a block of the largest order; start() where none is drawn. */
  Pfn boundary() const { return boundary_; }
  /** Labels of the pageblocks in between are the caller's part. */
  void set_boundary(Pfn pfn) { boundary_ = pfn; }
  std::string_view name() const;

  // Looking at pages.
  PageView view(Pfn pfn) const;
  Slot slot(Pfn pfn) const { return map_.slot(page(pfn)); }
  /** The head of the block that holds @pfn: free, pcp, raw or folio; nullopt in holes and reserved memory. */
  Maybe<Pfn> head_of(Pfn pfn, const FolioTable& folios) const;
  bool is_free_block(Pfn pfn, Order order) const;
  Pageblock& pageblock(Pfn pfn) { return blocks_[page(pfn) >> spec_.orders.pageblock.value]; }
  const Pageblock& pageblock(Pfn pfn) const { return blocks_[page(pfn) >> spec_.orders.pageblock.value]; }
  std::size_t nr_pageblocks() const { return blocks_.size(); }
  Pageblock& pageblock_at(std::size_t i) { return blocks_[i]; }
  const Pageblock& pageblock_at(std::size_t i) const { return blocks_[i]; }
  /** First pfn of pageblock @i; may lie before start() for the first. */
  Pfn pageblock_start(std::size_t i) const { return base_ + spec_.orders.pageblock.pages() * i; }

  // Free lists of the whole zone, in kernel order; where each gigablock has its own, in address order of those.
  std::uint64_t nr_free_blocks(Order order, Migratetype type) const {
    return gigablocks_ ? gigablocks_->nr_free(order, type) : areas_[0].nr_free(order, type);
  }
  std::uint64_t nr_free_blocks(Order order) const;
  bool has_free(Order order, Migratetype type) const { return nr_free_blocks(order, type) != 0; }
  /**
   * Some block of @type has at least order @least. Whole pageblocks are movable memory's affair, so that what tainted
   * gigablocks hold in reserve does not count as such: else nobody would compact for huge pages. Our choice.
   */
  bool has_free_at_least(Order least, Migratetype type) const {
    return gigablocks_ ? gigablocks_have(least, type) : areas_[0].smallest(least, type).has_value();
  }
  /** Smallest order not below @from with a free block of @type; nullopt if there is none. */
  Maybe<Order> smallest_free(Order from, Migratetype type) const {
    return gigablocks_ ? smallest_free_anywhere(from, type) : areas_[0].smallest(from, type);
  }
  /** The block that is taken next. Requires: has_free. */
  Pfn first_free(Order order, Migratetype type) const;
  /** @visit(Pfn) head to tail until it returns false. The lists must not change meanwhile. */
  template <class Visit>
  void for_each_free(Order order, Migratetype type, Visit&& visit) const {
    for_each_free_from(ListEnd::head, order, type, [](GigablockId) { return true; }, visit);
  }
  /** From that end; where each gigablock has its own lists, only of those that @looks_into(GigablockId). */
  template <class LooksInto, class Visit>
  void for_each_free_from(ListEnd end, Order order, Migratetype type, LooksInto&& looks_into, Visit&& visit) const {
    bool more = true;
    const auto visit_block = [&](PageIndex block) { return more = visit(pfn(block)); };
    for (std::size_t i = 0; more && i < areas_.size(); ++i) {
      const std::size_t at = end == ListEnd::head ? i : areas_.size() - 1 - i;
      if (!gigablocks_ || looks_into(GigablockId{at})) {
        const FreeList& list = areas_[at].list(order, type);
        end == ListEnd::head ? list.for_each(visit_block) : list.for_each_reverse(visit_block);
      }
    }
  }
  /** Its blocks, by their distance from the zone's start. Requires: free lists of the zone, not of gigablocks. */
  const FreeList& free_list(Order order, Migratetype type) const { return areas_[0].list(order, type); }
  /** Turns the list that the free block at @head is on round until that is first, or last: move_freelist_head(). */
  void turn_list(Pfn head, Order order, ListEnd end);
  /** The same among the lists that hold blocks at @near: those of its gigablock, or of the zone. */
  Maybe<Order> smallest_free_near(Pfn near, Order from, Migratetype type) const;
  Pfn first_free_near(Pfn near, Order order, Migratetype type) const;
  PageMap& page_map() { return map_; }
  const PageMap& page_map() const { return map_; }
  /** Hints that blocks of this list will be taken in order, where the zone has one such list. */
  void prefetch_next(Order order, Migratetype type) const {
    constexpr std::uint32_t kAhead = 8;
    const PageIndex block = areas_[0].list(order, type).peek(kAhead);
    if (block != kNoPage) {
      prefetch(block);
    }
  }
  /** Hints that the block at @page will be freed or taken soon. */
  void prefetch(PageIndex page) const {
    map_.prefetch(page);
    prefetch_line(&blocks_[page >> spec_.orders.pageblock.value]);
  }
  /** Hints, after prefetch(), at the buddies that a block freed at @page will merge with. */
  void prefetch_buddies(PageIndex page, Order order) const {
    constexpr unsigned kLevels = 4;
    const unsigned end = std::min(order.value + kLevels, spec_.orders.max.value + 0U);
    for (; order.value < end && map_.is_free_block(page ^ (1U << order.value), order); ++order) {
      const Slot buddy = map_.slot(page ^ (1U << order.value));
      areas_[area_of(page)].list(order, buddy.list()).prefetch(buddy.position());
      page &= ~(1U << order.value);
    }
  }

  // Counters and watermarks.
  /** NR_FREE_PAGES as watermark checks see it: per-CPU deltas not yet folded are missing. */
  NrPages free_pages() const { return NrPages{static_cast<std::uint64_t>(std::max<std::int64_t>(free_.global(), 0))}; }
  NrPages free_pages_exact() const { return NrPages{static_cast<std::uint64_t>(free_.exact())}; }
  NrPages free_cma_pages() const { return NrPages{static_cast<std::uint64_t>(free_cma_)}; }
  /** On lists of non-movable types, where a boundary keeps them apart. */
  NrPages free_confined() const { return NrPages{static_cast<std::uint64_t>(free_confined_)}; }
  NrPages free_highatomic() const { return NrPages{static_cast<std::uint64_t>(free_highatomic_)}; }
  NrPages reserved_highatomic() const { return reserved_highatomic_; }
  NrPages pcp_pages() const;
  ZoneStat& free_stat() { return free_; }
  const ZoneStat& free_stat() const { return free_; }
  NrPages wmark(Watermark mark) const { return NrPages{marks_.mark[static_cast<std::size_t>(mark)] + boost_.value}; }
  NrPages min_wmark() const { return wmark(Watermark::min); }
  NrPages low_wmark() const { return wmark(Watermark::low); }
  NrPages high_wmark() const { return wmark(Watermark::high); }
  const Watermarks& watermarks() const { return marks_; }
  void set_watermarks(const Watermarks& marks) { marks_ = marks; }
  bool watermark_ok(Order order, NrPages mark, ZoneType highest, AllocFlags flags) const {
    return watermark_ok(WatermarkQuery{order, mark.value, highest, flags}, free_.global());
  }
  /** With @free_pages in place of NR_FREE_PAGES. */
  bool watermark_ok(const WatermarkQuery& query, std::int64_t free_pages) const;
  /** Quick test first, then the whole; @ignores_boost lets order 0 dip below it at min: zone_watermark_fast(). */
  bool watermark_fast(const WatermarkQuery& query, bool ignores_boost) const {
    return (query.order == Order{0} && plenty_free(query)) || watermark_slow(query, ignores_boost);
  }
  NrPages boost() const { return boost_; }
  void clear_boost() { boost_ = NrPages{}; }
  void lower_boost(NrPages pages) { boost_ -= std::min(boost_, pages); }
  /** One fallback's worth of boost, bounded by @factor (vm.watermark_boost_factor); false on zones too small. */
  bool boost_watermark(unsigned factor);
  /** ZONE_BOOSTED_WATERMARK: set by a boost, cleared by whoever wakes kswapd for it. */
  bool boost_pending() const { return boost_pending_; }
  void set_boost_pending(bool pending) { boost_pending_ = pending; }
  /** ZONE_BELOW_HIGH of 6.12: per-CPU lists shrink while it is set. */
  bool below_high() const { return below_high_; }
  void set_below_high(bool below) { below_high_ = below; }
  /** ZONE_RECLAIM_ACTIVE: kswapd or direct reclaim works on the zone; per-CPU lists stay short. */
  bool reclaim_active() const { return reclaim_active_; }
  void set_reclaim_active(bool active) { reclaim_active_ = active; }

  // Moving blocks between lists and owners.
  void run_on(CpuId cpu) { cpu_ = cpu; }
  /** Hands a boot-time block to the free lists and counts it managed: __free_pages_core(). */
  void free_boot_block(Pfn pfn, Order order);
  /** Frees a block that is on no list, merging with its buddies: __free_one_page(). Its slot must be none. */
  void free_block(Pfn pfn, Order order, Migratetype type, FreeFlags flags = FreeFlags::none);
  /** free_one_page(): by the block's current type; 6.12 splits blocks larger than a pageblock. */
  void free_one(Pfn pfn, Order order, FreeFlags flags = FreeFlags::none);
  /** Takes a free block of @found order off its list; its upper parts down to @want rejoin lists of @type. */
  void take_block(Pfn pfn, Order found, Order want, Migratetype type);
  /** The same for whole pageblocks that change their type to @to on the way. */
  void claim_block(Pfn pfn, Order found, Order want, Migratetype to);
  /** Moves one free block to the tail of another list without splitting it. */
  void move_free_block(Pfn pfn, Order order, Migratetype to);
  /** The whole pageblock of @pfn lies in the zone. */
  bool spans_pageblock(Pfn pfn) const;
  /** Free blocks of @pfn's pageblock, ascending (from @pfn, if the zone begins within), to the tails of @to's lists. */
  unsigned move_freepages(Pfn pfn, Migratetype to);
  void set_pageblock_type(Pfn pfn, Migratetype type);
  /** Every pageblock that the block covers: change_pageblock_range(). */
  void set_block_type(Pfn pfn, Order order, Migratetype type);
  /** NR_FREE_PAGES and its finer relatives; @delta pages enter (or leave) lists of @type. */
  void account_free(std::int64_t delta, Migratetype type) {
    if (type == Migratetype::isolate) {
      return;
    }
    free_.add(cpu_, delta);
    if (type == Migratetype::cma) {
      free_cma_ += delta;
    }
    if (type == Migratetype::highatomic && rules_->highatomic_counts_free) {
      free_highatomic_ += delta;
    }
    if (is_confined() && confines(type)) {
      free_confined_ += delta;
    }
  }
  void account_cma(std::int64_t delta) { free_cma_ += delta; }
  /** After take_block(): a block of @order on the list of @type is free no more, where kernels count that apart. */
  void settle_taken(Order order, Migratetype type);
  void reserve_highatomic(NrPages pages) { reserved_highatomic_ += pages; }
  void unreserve_highatomic(NrPages pages) { reserved_highatomic_ -= std::min(pages, reserved_highatomic_); }

  /**
   * __isolate_free_page(): a whole free block leaves its list if the min watermark allows, and becomes raw movable.
   * Blocks of nearly a pageblock make their pageblocks movable. False: nothing changed.
   */
  bool isolate_free_block(Pfn head, Order order);
  /** A raw block becomes 2^(from-to) raw blocks. */
  void split_raw(Pfn head, Order from, Order to);
  /** A raw block returns to the tail of its pageblock's list: __putback_isolated_page(). */
  void putback_raw(Pfn head, Order order);

  // Labels of allocated pages; counts follow.
  void set_raw(Pfn pfn, Order order, Migratetype type, bool migratable) {
    map_.set_slot(page(pfn), Slot::raw(order, type, migratable));
    count_allocated(pfn, order, type, migratable, 1);
  }
  void clear_raw(Pfn pfn, Order order) {
    const Slot slot = map_.slot(page(pfn));
    GBSIM_CHECK(slot.kind() == Slot::Kind::raw && slot.order() == order);
    count_allocated(pfn, order, slot.type(), slot.migratable(), -1);
    map_.set_slot(page(pfn), Slot{});
  }
  /** A folio head becomes raw; its pages stay counted as they are. */
  void relabel_raw(Pfn pfn, Order order, Migratetype type, bool migratable) {
    map_.set_slot(page(pfn), Slot::raw(order, type, migratable));
  }
  /** A raw block becomes a folio head; its pages stay counted as they are. */
  void set_folio(Pfn pfn, FolioId id) { map_.set_slot(page(pfn), Slot::folio_head(id.value)); }
  void set_pcp(Pfn pfn, Order order, Migratetype type) { map_.set_slot(page(pfn), Slot::pcp(order, type)); }
  void clear_slot(Pfn pfn) { map_.set_slot(page(pfn), Slot{}); }
  /** Adds @sign times the block's pages to the counters its label has. */
  void count_allocated(Pfn pfn, Order order, Migratetype type, bool migratable, int sign) {
    change_counts(pfn, order, [&](Pageblock& b, int pages) { b.add_allocated(type, migratable, sign * pages); });
  }
  void count_migratable(Pfn pfn, Order order, int sign);
  void count_pinned(Pfn pfn, Order order, int sign);

  PcpLists& pcp(CpuId cpu) { return pcps_[cpu.value]; }
  const PcpLists& pcp(CpuId cpu) const { return pcps_[cpu.value]; }
  /** Where CPUs own pageblocks; else nullptr. Numbers are still those of pcp(). */
  PcpBuddy* pcp_buddy() const { return pcp_buddy_.get(); }

  // Gigablocks.
  std::size_t nr_gigablocks() const;
  GigablockId gigablock_of(Pfn pfn) const;
  Pfn gigablock_start(GigablockId id) const;
  /** Summed from pageblock counters. */
  GigablockCensus gigablock(GigablockId id) const;
  /** Whole and aligned inside the zone: could ever be one gigantic page. */
  bool is_whole_gigablock(GigablockId id) const;
  // Free lists of one gigablock, where each has its own.
  Maybe<Order> smallest_free_in(GigablockId id, Order from, Migratetype type) const {
    return areas_[id.value].smallest(from, type);
  }
  /** A bit for each order that has a block of @type. */
  std::uint32_t free_orders_in(GigablockId id, Migratetype type) const { return areas_[id.value].orders(type); }
  Pfn first_free_in(GigablockId id, Order order, Migratetype type) const {
    return pfn(areas_[id.value].list(order, type).head());
  }
  /** What is kept about gigablocks; nullptr where free lists are the zone's. */
  const GigablockIndex* gigablocks() const { return gigablocks_.get(); }
  void set_gigablock_listener(GigablockListener* listener) { listener_ = listener; }
  GigablockListener* gigablock_listener() const { return listener_; }
  /** The gigablock leaves steering while it is emptied for, or held as, one gigantic page. */
  void set_gigablock_isolated(GigablockId id, bool isolated);

  void set_trace(TraceSink* sink) { trace_ = sink; }
  TraceSink* trace() const { return trace_; }
  std::uint64_t metadata_bytes() const;
  Pfn pfn(PageIndex page) const { return Pfn{base_.value + page}; }
  PageIndex page(Pfn pfn) const { return static_cast<PageIndex>(pfn.value - base_.value); }

 private:
  void mark_reserved(Pfn from, NrPages pages);
  /** Every change of a pageblock passes here, so that what is derived from it stays in step. */
  template <class Change>
  void change_pageblock(std::size_t at, Change&& change) {
    Pageblock& block = blocks_[at];
    if (!gigablocks_) {
      return change(block);
    }
    const Pageblock before = block;
    change(block);
    report_pageblock(at, before);
  }
  /** @change(pageblock, pages) for each pageblock that the block has pages in; nearly always that is one. */
  template <class Change>
  [[gnu::always_inline]] void change_counts(Pfn head, Order order, Change&& change) {
    const unsigned whole = spec_.orders.pageblock.value;
    const std::size_t first = page(head) >> whole;
    if (order.value <= whole) {
      return change_pageblock(first, [&](Pageblock& block) { change(block, 1 << order.value); });
    }
    for (std::size_t at = first; at < first + (std::size_t{1} << (order.value - whole)); ++at) {
      change_pageblock(at, [&](Pageblock& block) { change(block, 1 << whole); });
    }
  }
  void report_pageblock(std::size_t block, const Pageblock& before);
  Maybe<Order> smallest_free_anywhere(Order from, Migratetype type) const;
  bool gigablocks_have(Order least, Migratetype type) const;
  std::size_t area_of(PageIndex page) const { return (std::uint64_t{page} + area_offset_) >> area_shift_; }
  void index_gigablocks();
  void link(PageIndex block, Order order, Migratetype type, bool to_tail);
  /** Returns the list it was on. */
  Migratetype unlink(PageIndex block, Order order);
  /** Upper halves of a block of @found order join lists until @want is left; returns the pages given back. */
  std::int64_t expand(PageIndex block, Order found, Order want, Migratetype type);
  void count_free_pages(PageIndex block, Order order, bool joins);
  bool may_merge(PageIndex buddy, Order order, Migratetype type) const;
  void release_pageblocks(PageIndex block, Order order);
  bool buddy_merge_likely(PageIndex block, Order order) const;
  void make_movable(Pfn head, Order order);
  /** Pages of order 0 beyond mark and reserve, whatever the request's privileges. */
  bool plenty_free(const WatermarkQuery& query) const {
    const std::int64_t free = free_.global();
    const auto reserve = marks_.lowmem_reserve[static_cast<std::size_t>(query.highest)];
    return free - std::min(free, unusable_free(query)) > static_cast<std::int64_t>(query.mark + reserve);
  }
  bool watermark_slow(const WatermarkQuery& query, bool ignores_boost) const;
  /** What the request may not count on: its tail, the atomic reserve, CMA, what is confined (the rest is guarded). */
  std::int64_t unusable_free(const WatermarkQuery& query) const {
    std::int64_t pages = static_cast<std::int64_t>(query.order.pages().value) - 1;
    if (!query.flags.any_reserve()) {
      pages += rules_->highatomic_counts_free ? free_highatomic_
                                              : static_cast<std::int64_t>(reserved_highatomic_.value);
    }
    pages += free_confined_;
    return query.flags.has(AllocFlags::cma) ? pages : pages + free_cma_;
  }
  bool has_suitable_block(const WatermarkQuery& query) const;

  ZoneSpec spec_;
  unsigned index_;
  const KernelRules* rules_;
  Pfn base_;  // start rounded down to a largest block
  NrPages present_;
  NrPages managed_;
  PageMap map_;
  BigVector<Pageblock> blocks_;
  unsigned area_shift_;        // a page's free area: its gigablock's, or the only one
  std::uint64_t area_offset_;  // pages from the first gigablock's start to base_
  std::vector<FreeArea> areas_;
  std::unique_ptr<GigablockIndex> gigablocks_;
  std::vector<PcpLists> pcps_;
  std::unique_ptr<PcpBuddy> pcp_buddy_;
  ZoneStat free_;
  std::int64_t free_cma_ = 0;
  std::int64_t free_highatomic_ = 0;
  std::int64_t free_confined_ = 0;
  Pfn boundary_;
  NrPages reserved_highatomic_;
  NrPages boost_;
  Watermarks marks_;
  bool boost_pending_ = false;
  bool below_high_ = false;
  bool reclaim_active_ = false;
  CpuId cpu_{};
  TraceSink* trace_ = nullptr;
  GigablockListener* listener_ = nullptr;
};

}  // namespace gbsim
