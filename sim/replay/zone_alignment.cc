// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/zone_alignment.h"

#include <algorithm>
#include <utility>

#include "sim/replay/recorded_pages.h"

namespace gbsim {

namespace {

/** Head to tail, into @blocks. */
void read_list(const Zone& zone, Order order, Migratetype type, std::vector<Pfn>& blocks) {
  blocks.clear();
  zone.for_each_free(order, type, [&](Pfn pfn) {
    blocks.push_back(pfn);
    return true;
  });
}

bool is_list(const PcpRing& ring, const Zone& zone, const std::vector<Pfn>& blocks) {
  if (ring.size() != blocks.size()) {
    return false;
  }
  std::uint32_t i = 0;
  return std::ranges::all_of(blocks, [&](Pfn pfn) { return zone.pfn(ring.from_head(i++)) == pfn; });
}

}  // namespace

ZoneAlignment::ZoneAlignment(Zone& ours, const Zone& theirs, const RecordedPcps& pcps)
    : ours_(ours), theirs_(theirs), pcps_(pcps), comparison_(theirs) {}

void ZoneAlignment::run() {
  free_lists_.clear();
  pcp_lists_.clear();
  emptied_.clear();
  empty_free_lists();
  empty_pcps();
  copy_pageblock_types();
  fill_free_lists();
  fill_pcps();
  copy_labels();
}

void ZoneAlignment::empty_free_lists() {
  for (Order order{0}; order <= ours_.orders().max; ++order) {
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      empty_free_list(order, static_cast<Migratetype>(type));
    }
  }
}

bool ZoneAlignment::is_free_list_equal(Order order, Migratetype type) {
  const FreeList& ours = ours_.free_list(order, type);
  const FreeList& theirs = theirs_.free_list(order, type);
  ComparedLists& before = compared_[order.value][index(type)];
  const ComparedLists now{ours.changes(), theirs.changes()};
  const bool is_equal = now == before || ours == theirs;
  if (is_equal) {
    before = now;
  }
  return is_equal;
}

void ZoneAlignment::empty_free_list(Order order, Migratetype type) {
  if (is_free_list_equal(order, type)) {
    return;
  }
  read_list(ours_, order, type, ours_list_);
  read_list(theirs_, order, type, wanted_list_);
  ListEdit edit = comparison_.between(ours_list_, wanted_list_);
  for (const Pfn head : edit.leave) {
    ours_.take_block(head, order, order, type);
    ours_.settle_taken(order, type);
    ours_.set_raw(head, order, type, false);
    emptied_.push_back({head, order});
  }
  free_lists_.push_back({order, type, std::move(edit)});
}

void ZoneAlignment::empty_pcps() {
  for (unsigned cpu = 0; cpu < ours_.nr_cpus(); ++cpu) {
    for (std::size_t list = 0; list < kNrPcpLists; ++list) {
      empty_pcp(CpuId{cpu}, list);
    }
  }
}

void ZoneAlignment::empty_pcp(CpuId cpu, std::size_t list) {
  PcpLists& pcp = ours_.pcp(cpu);
  PcpRing& ring = pcp.lists[list];
  pcps_.read_list(theirs_, cpu, list, wanted_list_);
  if (is_list(ring, ours_, wanted_list_)) {
    return;
  }
  const Order order = pcp_order(list, ours_.orders().pageblock);
  pcp.count -= static_cast<int>(ring.size()) << order.value;
  ours_list_.clear();
  while (!ring.empty()) {
    ours_list_.push_back(ours_.pfn(ring.pop_head()));
  }
  for (const Pfn head : comparison_.between(ours_list_, wanted_list_).leave) {
    const Migratetype type = ours_.slot(head).type();
    ours_.clear_slot(head);
    ours_.set_raw(head, order, type, false);
    emptied_.push_back({head, order});
  }
  pcp_lists_.push_back({cpu, list, wanted_list_});
}

void ZoneAlignment::copy_pageblock_types() {
  for (std::size_t i = 0; i < ours_.nr_pageblocks(); ++i) {
    const Migratetype type = theirs_.pageblock_at(i).type;
    if (ours_.pageblock_at(i).type != type) {
      change_type(i, type);
    }
  }
}

/** With the count of what is reserved for atomic requests, which watermarks may subtract. */
void ZoneAlignment::change_type(std::size_t pageblock, Migratetype type) {
  const NrPages pages = ours_.orders().pageblock.pages();
  if (type == Migratetype::highatomic) {
    ours_.reserve_highatomic(pages);
  } else if (ours_.pageblock_at(pageblock).type == Migratetype::highatomic) {
    ours_.unreserve_highatomic(pages);
  }
  ours_.set_pageblock_type(std::max(ours_.pageblock_start(pageblock), ours_.start()), type);
}

void ZoneAlignment::fill_free_lists() {
  for (const FreeListPlan& plan : free_lists_) {
    append(plan, plan.edit.head);
    if (!plan.edit.head.empty()) {
      ours_.turn_list(plan.edit.head.front(), plan.order, ListEnd::head);
    }
    append(plan, plan.edit.tail);
  }
}

void ZoneAlignment::append(const FreeListPlan& plan, const std::vector<Pfn>& blocks) {
  for (const Pfn head : blocks) {
    if (ours_.is_free_block(head, plan.order)) {
      ours_.move_free_block(head, plan.order, plan.type);
    } else {
      RecordedPages::unlabel(ours_, head, plan.order);
      ours_.free_block(head, plan.order, plan.type, FreeFlags::to_tail);
    }
  }
}

void ZoneAlignment::fill_pcps() {
  for (const PcpPlan& plan : pcp_lists_) {
    for (const Pfn head : plan.blocks) {
      append_to_pcp(plan, head);
    }
  }
}

/** A page that another list has already stays there: the recording contradicts itself. */
void ZoneAlignment::append_to_pcp(const PcpPlan& plan, Pfn head) {
  const Order order = pcp_order(plan.list, ours_.orders().pageblock);
  const bool stayed = ours_.slot(head).kind() == Slot::Kind::pcp && ours_.slot(head).order() == order;
  if (!stayed && RecordedPages::any_on_pcp(ours_, head, order)) {
    return;
  }
  if (!stayed) {
    RecordedPages::unlabel(ours_, head, order);
  }
  const Migratetype type = stayed ? ours_.slot(head).type() : RecordedPages::type_on_pcp(ours_, plan.list, head);
  RecordedPages::join_pcp(ours_, {plan.cpu, plan.list}, head, type);
}

void ZoneAlignment::copy_labels() {
  for (const Range& range : emptied_) {
    const Pfn until = range.head + range.order.pages();
    for (Pfn at = range.head; at < until;) {
      at += copy_label(at);
    }
  }
}

/** Returns how far that went. */
NrPages ZoneAlignment::copy_label(Pfn at) {
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

}  // namespace gbsim
