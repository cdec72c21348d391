// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/base/maybe.h"
#include "sim/mm/memory.h"

namespace gbsim {

/**
 * One CPU at work on its pageblocks of one zone (pcpbuddy): hands out parts of them, takes them back, merges them and
 * drains what is too much. Short-lived: one per operation.
 * Requires: the zone keeps a PcpBuddy.
 */
class PcpBuddyCpu {
 public:
  PcpBuddyCpu(Memory& memory, Zone& zone, CpuId cpu)
      : memory_(memory), zone_(zone), buddy_(*zone.pcp_buddy()), pcp_(zone.pcp(cpu)), cpu_(cpu) {}

  /** A block off the CPU's lists, the smallest that fits, split as needed; its slot is for the caller to set. */
  Maybe<Pfn> take(Order order, Migratetype type);
  /**
   * A block whose slot is none goes to its owner: to this CPU's lists, which may then drain, or to another's remote
   * list unless that is too long, else to the buddy. Nobody's stays here.
   */
  void free(Pfn pfn, Order order, Migratetype type);
  /** Looks at what other CPUs have freed of this one's. */
  void absorb_remote();
  /** At least @count pages, if it has them, to the buddy: after merging, the largest blocks first. */
  void drain(int count);
  void drain_all();
  /** The periodic work: absorbs, and drains what an idle CPU no longer needs. */
  void tick();

  // For refills.
  /** Pages that may come before the lists are too long. */
  NrPages room() const;
  /** A block that left the free lists joins the CPU's. */
  void add(Pfn pfn, Order order, Migratetype type, bool owned);
  /** All free parts of the CPU's pageblock @block join its lists, as far as they are of @type; returns pages. */
  NrPages gather(std::size_t block, Migratetype type);
  /** A claim made the lists long: they may stay so, within the limits of the tunables. */
  void raise_high();

 private:
  PcpBuddyList& list(Order order, Migratetype type) { return buddy_.list(cpu_, order, type); }
  std::size_t block_of(PageIndex page) const { return page >> buddy_.pageblock().value; }
  void push(PageIndex block, Order order, Migratetype type, bool owned);
  void append(PageIndex block, Order order, Migratetype type);
  void remove(PageIndex block, Order order, Migratetype type);
  /** The list a block of a pageblock labelled @label goes to. */
  static Migratetype list_type(Migratetype label);
  void free_remote(PageIndex block, Order order, CpuId owner);
  void charge(WorkKind kind) { memory_.meter().charge(kind); }
  /** Pairs of whole buddies become one, up to a pageblock. Only what came since the last time can. */
  void merge();
  void merge_fresh(Order order, Migratetype type);
  bool is_owned_block(PageIndex block, Order order) const;
  void merge_pair(PageIndex block, Order order);
  /** Returns how many of @count pages are still to go. */
  int drain_list(Order order, Migratetype type, int count);
  void give_back(PageIndex block, Order order);

  Memory& memory_;
  Zone& zone_;
  PcpBuddy& buddy_;
  PcpLists& pcp_;
  CpuId cpu_;
};

}  // namespace gbsim
