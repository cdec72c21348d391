// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/base/summary_bitmap.h"
#include "sim/base/types.h"
#include "sim/mm/migratetype.h"
#include "sim/mm/page_map.h"
#include "sim/mm/pageblock.h"
#include "sim/mm/zone_spec.h"

namespace gbsim {

/** Where a gigablock is filed. Isolated: being emptied for, or held as, one gigantic page. */
enum class GigablockCategory : std::uint8_t { empty, clean, tainted, isolated };

inline constexpr std::size_t kNrGigablockCategories = 4;

constexpr std::string_view name(GigablockCategory category) {
  constexpr std::array<std::string_view, kNrGigablockCategories> names{"empty", "clean", "tainted", "isolated"};
  return names[static_cast<std::size_t>(category)];
}

/**
 * How full a gigablock is, by whole free pageblocks, fullest first. Scarce: what is left is the reserve, which movable
 * allocations leave alone in tainted gigablocks. The RFC's bucket limits are not known: GigablockListing has ours.
 */
enum class Fullness : std::uint8_t { full, scarce, mostly_used, half_used, mostly_free };

inline constexpr std::size_t kNrFullness = 5;

/** Lists that steering looks at: all but those of isolated pageblocks. */
inline constexpr std::size_t kNrIndexedTypes = kNrMigratetypes - 1;
static_assert(index(Migratetype::isolate) == kNrIndexedTypes);

/**
 * What a pageblock really holds, whatever its label: PB_has_unmovable and its like. Pages on per-CPU lists have left
 * the buddy for its label's sake and count as such, or a refill would taint one gigablock after another.
 */
struct PageblockContents {
  bool free = false;  // wholly on free lists
  bool unmovable = false;
  bool reclaimable = false;
  bool movable = false;

  static PageblockContents of(const Pageblock& block, std::uint64_t pages) {
    const bool on_pcp = std::uint64_t{block.free} + block.allocated() + block.reserved < pages;
    const auto holds = [&](std::uint16_t count, Migratetype label) {
      return count != 0 || (on_pcp && Pageblock::counter_of(block.type) == Pageblock::counter_of(label));
    };
    return {block.free == pages, holds(block.unmovable, Migratetype::unmovable),
            holds(block.reclaimable, Migratetype::reclaimable), holds(block.movable, Migratetype::movable)};
  }
  bool operator==(const PageblockContents&) const = default;
};

/** One gigablock's sums. Pageblocks are counted under everything they hold, so that the counts may overlap. */
struct GigablockCounts {
  std::uint32_t pageblocks = 0;  // with at least one page of memory
  std::uint32_t reserved = 0;    // with holes or boot-time memory, which keep it from ever being one gigantic page
  std::uint32_t free = 0;        // wholly free
  std::uint32_t unmovable = 0;
  std::uint32_t reclaimable = 0;
  std::uint32_t movable = 0;
  std::uint64_t free_pages = 0;
  bool isolated = false;

  bool operator==(const GigablockCounts&) const = default;
  GigablockCategory category() const;
};

/** How often gigablocks changed between clean and tainted, and what keeping the bitmaps cost. */
struct GigablockIndexCounts {
  std::uint64_t became_tainted = 0;
  std::uint64_t became_clean = 0;
  std::uint64_t set_flips = 0;    // bits of the sets by category, fullness, type and order
  std::uint64_t order_flips = 0;  // bits of the sets by exact order alone, and by contents
};

/**
 * Everything derived about one zone's gigablocks, kept by one owner: sums of pageblocks, category and fullness, free
 * blocks by order and type, and bitmaps over gigablocks. Mechanism reports each change; nobody else writes.
 */
class GigablockIndex {
 public:
  /** The reserve is a share of a gigablock's pageblocks, rounded up, and no less than the least that @rules allow. */
  GigablockIndex(std::size_t nr_gigablocks, Order max_order, const GigablockListing& rules);

  std::size_t size() const { return blocks_.size(); }
  Order max_order() const { return Order{static_cast<unsigned>(nr_orders_) - 1U}; }
  const GigablockCounts& counts(GigablockId id) const { return blocks_[id.value].counts; }
  GigablockCategory category(GigablockId id) const { return blocks_[id.value].filed.category; }
  Fullness fullness(GigablockId id) const { return blocks_[id.value].filed.fullness; }
  /** A bit for each order of @type that the gigablock has a free block of. */
  std::uint32_t orders(GigablockId id, Migratetype type) const { return blocks_[id.value].orders[gbsim::index(type)]; }
  /** Whole free pageblocks that movable allocations must leave in a tainted gigablock. */
  std::uint32_t reserve(GigablockId id) const;
  std::size_t nr_in(GigablockCategory category) const;
  std::size_t nr_in(GigablockCategory category, Fullness fullness) const { return filed_[row(category, fullness)]; }
  const SummaryBitmap& members(GigablockCategory category, Fullness fullness) const {
    return members_[row(category, fullness)];
  }
  /** @visit(GigablockId) over a category, none fuller than @from, fullest first, until it returns false. */
  template <class Visit>
  void for_each(GigablockCategory category, Visit&& visit, Fullness from = Fullness::full) const {
    bool more = true;
    for (auto fullness = static_cast<std::size_t>(from); more && fullness < kNrFullness; ++fullness) {
      const SummaryBitmap& in = members(category, static_cast<Fullness>(fullness));
      for (std::size_t at = in.first(); more && at != SummaryBitmap::kNone; at = in.next(at + 1)) {
        more = visit(GigablockId{at});
      }
    }
  }

  /** The fullest gigablock of @category, not fuller than @from, with a free block of @type of at least @least. */
  std::optional<GigablockId> fullest_with(GigablockCategory category, Migratetype type, Order least,
                                          Fullness from = Fullness::full) const {
    const std::size_t set = set_of(category, type, least);
    const unsigned buckets = static_cast<unsigned>(with_[set]) >> static_cast<unsigned>(from);
    if (buckets == 0) {
      return std::nullopt;
    }
    const auto bucket = static_cast<unsigned>(from) + static_cast<unsigned>(std::countr_zero(buckets));
    const std::size_t at = sets_[set * kNrFullness + bucket].first();
    return GigablockId{at};
  }
  /** Some gigablock, isolated ones included, has a free block of @type of at least @least. */
  bool any_with(Migratetype type, Order least) const;
  /** Movable memory of at least @least may be had without touching the reserve of tainted gigablocks. */
  bool any_for_movable(Order least) const {
    return fullest_with(GigablockCategory::clean, Migratetype::movable, least) ||
           fullest_with(GigablockCategory::empty, Migratetype::movable, least) ||
           fullest_with(GigablockCategory::tainted, Migratetype::movable, least, Fullness::mostly_used);
  }
  /** Gigablocks with a free block of exactly @order on any list: the bitmap of the redesign as first proposed. */
  const SummaryBitmap& with_order(Order order) const { return with_order_[order.value]; }
  /** Gigablocks that hold pages of the type; movable ones are of no interest. */
  const SummaryBitmap& holding(Migratetype type) const { return holding_[type == Migratetype::reclaimable ? 1 : 0]; }

  std::uint64_t nr_free(Order order, Migratetype type) const { return nr_free_[order.value][gbsim::index(type)]; }
  const GigablockIndexCounts& changes() const { return changes_; }
  std::uint64_t metadata_bytes() const;
  /** The first gigablock, or size(), whose counts, filing or lists differ; sets and sums must agree too. */
  std::size_t first_difference(const GigablockIndex& other) const;
  bool same_sets(const GigablockIndex& other) const;

  // Reported by the zone.
  void add_pageblock(GigablockId id, bool has_reserved);
  /** True if the gigablock changed its category or fullness. */
  bool pageblock_changed(GigablockId id, PageblockContents before, PageblockContents after, std::int64_t free_pages);
  /** A block of @order joined (or left) the list; @orders has a bit for each order of @type the gigablock has now. */
  void list_changed(GigablockId id, Order order, Migratetype type, bool joined, std::uint32_t orders);
  void set_isolated(GigablockId id, bool isolated);

 private:
  /** What decides where a gigablock is filed. */
  struct Filing {
    GigablockCategory category = GigablockCategory::empty;
    Fullness fullness = Fullness::mostly_free;
    bool operator==(const Filing&) const = default;
  };
  struct Gigablock {
    GigablockCounts counts;
    Filing filed;
    std::array<std::uint32_t, kNrIndexedTypes> orders{};  // by type: a bit for each order with a free block
    bool operator==(const Gigablock&) const = default;
  };

  static std::size_t row(GigablockCategory category, Fullness fullness) {
    return static_cast<std::size_t>(category) * kNrFullness + static_cast<std::size_t>(fullness);
  }
  std::size_t set_of(GigablockCategory category, Migratetype type, Order least) const {
    return (static_cast<std::size_t>(category) * kNrIndexedTypes + gbsim::index(type)) * nr_orders_ + least.value;
  }
  /** Counts have changed: what is derived from them is brought up to date. True if the gigablock was refiled. */
  bool end_update(GigablockId id);
  Filing filing_of(GigablockId id) const;
  void file(GigablockId id, Filing filing);
  void unfile(GigablockId id);
  void put_in_sets(GigablockId id, Migratetype type, unsigned from_order, unsigned until_order, bool in);
  void note_taint(Filing before, Filing after);
  void flip(SummaryBitmap& bitmap, std::size_t bit, bool value, std::uint64_t& flips);

  std::size_t nr_orders_;
  GigablockListing rules_;
  std::vector<Gigablock> blocks_;
  std::vector<SummaryBitmap> members_;   // by category and fullness
  std::vector<std::size_t> filed_;       // their sizes
  std::vector<SummaryBitmap> sets_;      // by category, type, least order and fullness
  std::vector<std::uint8_t> with_;       // by category, type and least order: which fullness sets are not empty
  std::vector<SummaryBitmap> with_order_;
  std::array<SummaryBitmap, 2> holding_;  // unmovable, reclaimable
  std::vector<std::array<std::uint64_t, kNrMigratetypes>> nr_free_;
  GigablockIndexCounts changes_;
};

}  // namespace gbsim
