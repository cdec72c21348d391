// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/mm/zone.h"
#include "sim/replay/list_edit.h"
#include "sim/replay/recorded_pcps.h"

namespace gbsim {

/**
 * Makes a zone equal to the same zone of a recording, at a cost that goes by how far they differ. First what differs
 * leaves its lists, then what is missing joins: in between, no page is on two.
 */
class ZoneAlignment {
 public:
  /** @theirs follows the free lists, @pcps the per-CPU lists. Requires: zones of one shape, free lists of the zone. */
  ZoneAlignment(Zone& ours, const Zone& theirs, const RecordedPcps& pcps);

  /**
   * Free lists, pageblock types and per-CPU lists of ours are equal to theirs, every list in order. Pages that are on
   * a list no more have their labels. Sizes of per-CPU lists, watermarks and what else a kernel remembers stay ours.
   */
  void run();

 private:
  struct FreeListPlan {
    Order order;
    Migratetype type;
    ListEdit edit;
  };
  struct PcpPlan {
    CpuId cpu;
    std::size_t list;
    std::vector<Pfn> blocks;
  };
  /** What was on a list of ours. */
  struct Range {
    Pfn head;
    Order order;
  };

  /** How often our list and theirs had changed when they were found equal last. */
  struct ComparedLists {
    std::uint64_t ours = ~std::uint64_t{0};
    std::uint64_t theirs = ~std::uint64_t{0};

    bool operator==(const ComparedLists&) const = default;
  };

  bool is_free_list_equal(Order order, Migratetype type);
  void empty_free_lists();
  void empty_free_list(Order order, Migratetype type);
  void empty_pcps();
  void empty_pcp(CpuId cpu, std::size_t list);
  void copy_pageblock_types();
  void change_type(std::size_t pageblock, Migratetype type);
  void fill_free_lists();
  void append(const FreeListPlan& plan, const std::vector<Pfn>& blocks);
  void fill_pcps();
  void append_to_pcp(const PcpPlan& plan, Pfn head);
  void copy_labels();
  NrPages copy_label(Pfn at);

  Zone& ours_;
  const Zone& theirs_;
  const RecordedPcps& pcps_;
  ListComparison comparison_;
  std::array<std::array<ComparedLists, kNrMigratetypes>, kMaxOrders> compared_{};
  // Of one run, kept for their memory.
  std::vector<FreeListPlan> free_lists_;
  std::vector<PcpPlan> pcp_lists_;
  std::vector<Range> emptied_;
  std::vector<Pfn> ours_list_;
  std::vector<Pfn> wanted_list_;
};

}  // namespace gbsim
