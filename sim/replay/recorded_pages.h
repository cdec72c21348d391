// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/mm/memory.h"

namespace gbsim {

/** An end of one per-CPU list, by its number. */
struct PcpPlace {
  CpuId cpu;
  std::size_t list;
  ListEnd end = ListEnd::tail;
};

/**
 * Pages of a memory that follow a recording, wherever that leads: ranges change between free, allocated and unknown
 * whatever stood there before. Nothing is decided here, and no event is refused.
 */
class RecordedPages {
 public:
  explicit RecordedPages(Memory& memory) : memory_(memory) {}

  /** The zone that holds all of the block and has blocks of that order; nullptr if none does. */
  Zone* zone_of(Pfn head, Order order) const {
    Zone& zone = memory_.zone_of(head);
    const bool holds = order <= zone.orders().max && zone.contains(head) && head + order.pages() <= zone.end();
    return holds && head.is_aligned(order) ? &zone : nullptr;
  }
  /** The free block that @pfn lies in. */
  struct FreeBlock {
    Pfn head;
    Order order;
    Migratetype list = Migratetype::unmovable;
  };
  static std::optional<FreeBlock> free_block_at(const Zone& zone, Pfn pfn);
  /** The whole block leaves its list, and its pages are nobody's. */
  static void take_off(Zone& zone, const FreeBlock& block);

  /** Head of the allocated block that @pfn lies in. */
  static Maybe<Pfn> allocated_block_at(const Zone& zone, Pfn pfn);
  /** Exactly one allocated block: nothing else has a page of it. */
  static bool is_one_allocated(const Zone& zone, Pfn head, Order order) {
    const Slot slot = zone.slot(head);
    return slot.kind() == Slot::Kind::raw && slot.order() == order;
  }
  /** Some page of the block is free. */
  static bool any_free(const Zone& zone, Pfn head, Order order);

  /** Some page of the block is on a per-CPU list. */
  static bool any_on_pcp(const Zone& zone, Pfn head, Order order);
  /** Takes the block's pages off per-CPU lists, where they count as allocated then; false if none was on one. */
  static bool leave_pcp(Zone& zone, Pfn head, Order order);
  /** A block that nothing holds, or that list already, goes to an end of @place's list as one of @type. */
  static void join_pcp(Zone& zone, const PcpPlace& place, Pfn head, Migratetype type);
  /** As what a block counts on the list of that number: where one list serves many types, its pageblock tells. */
  static Migratetype type_on_pcp(const Zone& zone, std::size_t list, Pfn head);

  /** An allocated block of that label, whatever of it was allocated before. Requires: none of it is free. */
  static void label(Zone& zone, Pfn head, Order order, Migratetype type, bool migratable);
  /** Allocated no more, so that free_block() may follow. Requires: none of it is free. */
  static void unlabel(Zone& zone, Pfn head, Order order);
  /**
   * Takes free pages that overlap the block off their lists and labels the block as allocated; what else a free block
   * held returns to its list. Returns the free blocks that were met.
   */
  static unsigned seize(Zone& zone, Pfn head, Order order, Migratetype type, bool migratable);

 private:
  Memory& memory_;
};

}  // namespace gbsim
