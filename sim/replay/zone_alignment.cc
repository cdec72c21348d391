// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/zone_alignment.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/replay/recorded_pages.h"

namespace gbsim {

namespace {

std::vector<Pfn> blocks_of(const Zone& zone, Order order, Migratetype type) {
  std::vector<Pfn> blocks;
  blocks.reserve(zone.nr_free_blocks(order, type));
  zone.for_each_free(order, type, [&](Pfn pfn) {
    blocks.push_back(pfn);
    return true;
  });
  return blocks;
}

CpuId cpu_id(unsigned cpu) { return CpuId{static_cast<std::uint16_t>(cpu)}; }

/** Empties every list that differs, then fills it: in between, no page is on two. */
class Alignment {
 public:
  Alignment(Zone& ours, const Zone& theirs, const RecordedPcps& pcps) : ours_(ours), theirs_(theirs), pcps_(pcps) {}

  void run() {
    empty_free_lists();
    empty_pcps();
    copy_pageblock_types();
    fill_free_lists();
    fill_pcps();
    copy_labels();
  }

 private:
  struct FreeListPlan {
    Order order;
    Migratetype type;
    std::vector<Pfn> blocks;
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

  void empty_free_lists() {
    for (Order order{0}; order <= ours_.orders().max; ++order) {
      for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
        empty_free_list(order, static_cast<Migratetype>(type));
      }
    }
  }

  void empty_free_list(Order order, Migratetype type) {
    const auto blocks = blocks_of(ours_, order, type);
    auto wanted = blocks_of(theirs_, order, type);
    if (blocks == wanted) {
      return;
    }
    for (const Pfn head : blocks) {
      ours_.take_block(head, order, order, type);
      ours_.settle_taken(order, type);
      ours_.set_raw(head, order, type, false);
      emptied_.push_back({head, order});
    }
    free_lists_.push_back({order, type, std::move(wanted)});
  }

  void empty_pcps() {
    for (unsigned cpu = 0; cpu < ours_.nr_cpus(); ++cpu) {
      for (std::size_t list = 0; list < kNrPcpLists; ++list) {
        empty_pcp(cpu_id(cpu), list);
      }
    }
  }

  void empty_pcp(CpuId cpu, std::size_t list) {
    PcpLists& pcp = ours_.pcp(cpu);
    PcpRing& ring = pcp.lists[list];
    auto wanted = pcps_.blocks(theirs_, cpu, list);
    bool same = ring.size() == wanted.size();
    for (std::uint32_t i = 0; same && i < ring.size(); ++i) {
      same = ours_.pfn(ring.from_head(i)) == wanted[i];
    }
    if (same) {
      return;
    }
    const Order order = pcp_order(list, ours_.orders().pageblock);
    while (!ring.empty()) {
      const Pfn head = ours_.pfn(ring.pop_head());
      const Migratetype type = ours_.slot(head).type();
      ours_.clear_slot(head);
      ours_.set_raw(head, order, type, false);
      pcp.count -= 1 << order.value;
      emptied_.push_back({head, order});
    }
    pcp_lists_.push_back({cpu, list, std::move(wanted)});
  }

  void copy_pageblock_types() {
    for (std::size_t i = 0; i < ours_.nr_pageblocks(); ++i) {
      const Migratetype type = theirs_.pageblock_at(i).type;
      if (ours_.pageblock_at(i).type != type) {
        ours_.set_pageblock_type(std::max(ours_.pageblock_start(i), ours_.start()), type);
      }
    }
  }

  void fill_free_lists() {
    for (const FreeListPlan& plan : free_lists_) {
      for (const Pfn head : plan.blocks) {
        RecordedPages::unlabel(ours_, head, plan.order);
        ours_.free_block(head, plan.order, plan.type, FreeFlags::to_tail);
      }
    }
  }

  void fill_pcps() {
    for (const PcpPlan& plan : pcp_lists_) {
      for (const Pfn head : plan.blocks) {
        append_to_pcp(plan, head);
      }
    }
  }

  /** A page that another list has already stays there: the recording contradicts itself. */
  void append_to_pcp(const PcpPlan& plan, Pfn head) {
    const Order order = pcp_order(plan.list, ours_.orders().pageblock);
    if (RecordedPages::any_on_pcp(ours_, head, order)) {
      return;
    }
    const bool by_type = order <= kCostlyOrder;
    RecordedPages::unlabel(ours_, head, order);
    ours_.set_pcp(head, order,
                  by_type ? static_cast<Migratetype>(plan.list % kNrPcpTypes) : ours_.pageblock(head).type);
    PcpLists& pcp = ours_.pcp(plan.cpu);
    pcp.lists[plan.list].push_tail(ours_.page(head));
    pcp.count += 1 << order.value;
  }

  void copy_labels() {
    for (const Range& range : emptied_) {
      const Pfn until = range.head + range.order.pages();
      for (Pfn at = range.head; at < until;) {
        at += copy_label(at);
      }
    }
  }

  /** Returns how far that went. */
  NrPages copy_label(Pfn at) {
    const Slot slot = theirs_.slot(at);
    if (slot.kind() != Slot::Kind::raw || ours_.slot(at).kind() != Slot::Kind::raw) {
      return NrPages{1};
    }
    const Order order = slot.order();
    if (!RecordedPages::any_free(ours_, at, order) && !RecordedPages::any_on_pcp(ours_, at, order)) {
      RecordedPages::label(ours_, at, order, slot.type(), slot.migratable());
    }
    return order.pages();
  }

  Zone& ours_;
  const Zone& theirs_;
  const RecordedPcps& pcps_;
  std::vector<FreeListPlan> free_lists_;
  std::vector<PcpPlan> pcp_lists_;
  std::vector<Range> emptied_;
};

}  // namespace

void align_zone(Zone& ours, const Zone& theirs, const RecordedPcps& pcps) { Alignment(ours, theirs, pcps).run(); }

}  // namespace gbsim
