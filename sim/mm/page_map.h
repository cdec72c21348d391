// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "sim/base/prefetch.h"
#include "sim/base/types.h"
#include "sim/mm/free_list.h"
#include "sim/mm/lazy_array.h"
#include "sim/mm/migratetype.h"

namespace gbsim {

/** Largest block order any zone may use, plus one. */
inline constexpr std::size_t kMaxOrders = 20;

/** Run-time orders, so that toy zones of a few hundred pages work as real ones. */
struct ZoneOrders {
  Order max{10};
  Order pageblock{9};
  Order gigablock{18};
};

/** The word kept for the first page of every block. Zero: a tail page, a hole, or boot-time memory. */
class Slot {
 public:
  enum class Kind : std::uint8_t { none, raw, pcp, folio, free };

  constexpr Slot() = default;
  constexpr explicit Slot(std::uint32_t bits) : bits_(bits) {}
  static constexpr Slot free_head(Migratetype list, std::uint32_t position) {
    return Slot{kFree | (static_cast<std::uint32_t>(list) << FreeList::kPositionBits) | position};
  }
  static constexpr Slot folio_head(std::uint32_t id) { return Slot{kFolio | id}; }
  /** @owned: by the CPU whose list it is on, which owns its pageblock (PagePCPBuddy). */
  static constexpr Slot pcp(Order order, Migratetype type, bool owned = false) {
    return Slot{tagged(kPcp, order, type).bits() | (owned ? kOwnedBit : 0)};
  }
  static constexpr Slot raw(Order order, Migratetype type, bool migratable) {
    return Slot{tagged(kRaw, order, type).bits() | (migratable ? kMigratableBit : 0)};
  }

  constexpr std::uint32_t bits() const { return bits_; }
  constexpr bool is_free() const { return (bits_ & kFree) != 0; }
  constexpr Kind kind() const {
    if (is_free()) {
      return Kind::free;
    }
    if ((bits_ & kFolio) != 0) {
      return Kind::folio;
    }
    return (bits_ & kPcp) != 0 ? Kind::pcp : (bits_ & kRaw) != 0 ? Kind::raw : Kind::none;
  }
  /** Free heads: the list, and the place in it. */
  constexpr Migratetype list() const {
    return static_cast<Migratetype>((bits_ >> FreeList::kPositionBits) & 7U);
  }
  constexpr std::uint32_t position() const { return bits_ & ((1U << FreeList::kPositionBits) - 1); }
  constexpr std::uint32_t folio() const { return bits_ & ~kFolio; }
  /** Raw and pcp heads. */
  constexpr Order order() const { return Order{bits_ & 31U}; }
  constexpr Migratetype type() const { return static_cast<Migratetype>((bits_ >> 5) & 7U); }
  constexpr bool migratable() const { return (bits_ & kMigratableBit) != 0; }
  constexpr bool is_owned() const { return (bits_ & kOwnedBit) != 0; }

 private:
  static constexpr std::uint32_t kFree = 1U << 31;
  static constexpr std::uint32_t kFolio = 1U << 30;
  static constexpr std::uint32_t kPcp = 1U << 29;
  static constexpr std::uint32_t kRaw = 1U << 28;
  static constexpr std::uint32_t kMigratableBit = 1U << 8;  // raw heads
  static constexpr std::uint32_t kOwnedBit = 1U << 8;       // pcp heads

  static constexpr Slot tagged(std::uint32_t tag, Order order, Migratetype type) {
    return Slot{tag | order.value | (static_cast<std::uint32_t>(type) << 5)};
  }

  std::uint32_t bits_ = 0;
};

/**
 * What stands where in one zone: a slot for each block head and, for every aligned block of every order, a bit
 * that says whether it is free. First pages of pageblocks have their slots apart, so that pageblocks that are
 * whole commit no other. Indices count from the zone start rounded down to a largest block.
 */
class PageMap {
 public:
  PageMap(PageIndex pages, ZoneOrders orders);

  Slot slot(PageIndex page) const {
    return Slot{starts_pageblock(page) ? first_slots_[page >> pageblock_] : slots_[page]};
  }
  void set_slot(PageIndex page, Slot slot) {
    (starts_pageblock(page) ? first_slots_[page >> pageblock_] : slots_[page]) = slot.bits();
  }

  /** A free block of exactly @order starts at @page. */
  bool is_free_block(PageIndex page, Order order) const {
    const std::uint64_t bit = bit_of(page, order);
    return (free_bits_[bit / 64] >> (bit % 64) & 1U) != 0;
  }
  void set_free_block(PageIndex page, Order order) {
    const std::uint64_t bit = bit_of(page, order);
    free_bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  void clear_free_block(PageIndex page, Order order) {
    const std::uint64_t bit = bit_of(page, order);
    free_bits_[bit / 64] &= ~(std::uint64_t{1} << (bit % 64));
  }
  /** Order of the free block that starts at @page. Requires: one does. */
  Order order_of_free(PageIndex page) const;

  void prefetch_slot(PageIndex page) const {
    prefetch_line(starts_pageblock(page) ? &first_slots_[page >> pageblock_] : &slots_[page]);
  }
  /** Hints that @page will be freed or taken soon. */
  void prefetch(PageIndex page) const {
    prefetch_slot(page);
    prefetch_line(&free_bits_[bit_of(page, Order{0}) / 64]);
  }
  PageIndex size() const { return pages_; }
  /** Bytes of slots and bitmaps that the system has committed. */
  std::uint64_t committed_bytes() const;

 private:
  // Groups of 64 pages have 128 bits, so that what a free and its merges look at lies in one cache line.
  static constexpr unsigned kGroup = 6;
  static constexpr unsigned kGroupBits = 2U << kGroup;

  bool starts_pageblock(PageIndex page) const { return (page & in_pageblock_) == 0; }

  /**
   * Orders up to 6 fill 127 bits of their group. A larger block has the spare bit of the group that lies an odd
   * multiple of half its size from the zone's start: no two blocks of any order share one.
   */
  static std::uint64_t bit_of(PageIndex page, Order order) {
    const std::uint64_t group = page >> kGroup;
    if (order.value > kGroup) {
      return (group + (std::uint64_t{1} << (order.value - kGroup - 1))) * kGroupBits + kGroupBits - 1;
    }
    const std::uint32_t within = page & ((1U << kGroup) - 1);
    return (group + 1) * kGroupBits - (kGroupBits >> order.value) + (within >> order.value);
  }

  PageIndex pages_;
  ZoneOrders orders_;
  unsigned pageblock_;
  PageIndex in_pageblock_;  // mask of the bits within a pageblock
  LazyArray<std::uint32_t> slots_;        // of all pages but the first of each pageblock
  LazyArray<std::uint32_t> first_slots_;
  LazyArray<std::uint64_t> free_bits_;
};

}  // namespace gbsim
