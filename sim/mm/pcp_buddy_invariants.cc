// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp_buddy_invariants.h"

#include <algorithm>
#include <string>
#include <vector>

#include "sim/mm/invariants.h"

namespace gbsim {

namespace {

/** Collects what is on lists, block by block. */
class Census {
 public:
  explicit Census(const Zone& zone) : zone_(zone), buddy_(*zone.pcp_buddy()) {}

  void check_cpu(CpuId cpu) {
    std::uint64_t pages = 0;
    for (Order order{0}; order <= buddy_.pageblock(); ++order) {
      for (std::size_t type = 0; type < kNrPcpTypes; ++type) {
        pages += check_list(cpu, order, static_cast<Migratetype>(type));
      }
    }
    expect(pages == static_cast<std::uint64_t>(zone_.pcp(cpu).count), zone_.start(), "pcp.count is miscounted");
    check_remote(cpu);
    check_recoverable(cpu);
  }

  /** No block is on two lists, and none that the page map knows is on none. */
  void check_total(std::uint64_t counted) {
    std::ranges::sort(seen_);
    const auto twice = std::ranges::adjacent_find(seen_);
    expect(twice == seen_.end(), zone_.start(), "a per-CPU page is on two lists");
    expect(pages_ == counted, zone_.start(), "per-CPU pages in the page map are not those on lists");
  }

  void check_owners(const ZoneRecount& recount) const {
    for (std::size_t i = 0; i < zone_.nr_pageblocks(); ++i) {
      const bool whole = recount.pageblocks[i].free == zone_.orders().pageblock.pages().value;
      expect(!whole || !buddy_.owner(i), zone_.pageblock_start(i), "a whole free pageblock has an owner");
    }
  }

 private:
  void expect(bool holds, Pfn pfn, const std::string& what) const {
    if (!holds) {
      throw InvariantViolation("zone " + std::string(zone_.name()) + " pfn " + std::to_string(pfn.value) + ": " + what);
    }
  }

  std::size_t pageblock_of(PageIndex block) const { return block >> buddy_.pageblock().value; }

  void note(PageIndex block, Order order) {
    seen_.push_back(block);
    pages_ += order.pages().value;
  }

  std::uint64_t check_list(CpuId cpu, Order order, Migratetype type) {
    std::uint64_t blocks = 0;
    buddy_.list(cpu, order, type).blocks.for_each([&](PageIndex block) {
      const Slot slot = zone_.page_map().slot(block);
      const bool listed = slot.kind() == Slot::Kind::pcp && slot.order() == order && slot.type() == type;
      expect(listed, zone_.pfn(block), "on a per-CPU list but not its head");
      expect(!slot.is_owned() || buddy_.owns(cpu, pageblock_of(block)), zone_.pfn(block),
             "an owned page is on the list of a CPU that does not own its pageblock");
      note(block, order);
      ++blocks;
      return true;
    });
    return blocks << order.value;
  }

  void check_remote(CpuId cpu) {
    std::uint64_t pages = 0;
    for (const PageIndex block : buddy_.of(cpu).remote) {
      const Slot slot = zone_.page_map().slot(block);
      expect(slot.kind() == Slot::Kind::pcp && !slot.is_owned(), zone_.pfn(block), "on a remote list but not per-CPU");
      expect(buddy_.owns(cpu, pageblock_of(block)), zone_.pfn(block), "on the remote list of a CPU that is no owner");
      note(block, slot.order());
      pages += slot.order().pages().value;
    }
    expect(pages == buddy_.of(cpu).remote_pages, zone_.start(), "remote_pages is not what the list holds");
  }

  void check_recoverable(CpuId cpu) const {
    const std::vector<std::uint32_t>& listed = buddy_.of(cpu).recoverable;
    for (std::size_t i = 0; i < zone_.nr_pageblocks(); ++i) {
      const bool wanted = buddy_.owns(cpu, i) && buddy_.is_recoverable(i);
      const bool found = std::ranges::find(listed, static_cast<std::uint32_t>(i)) != listed.end();
      expect(!wanted || found, zone_.pageblock_start(i), "a recoverable pageblock is not on its owner's list");
    }
  }

  const Zone& zone_;
  const PcpBuddy& buddy_;
  std::vector<PageIndex> seen_;
  std::uint64_t pages_ = 0;
};

}  // namespace

void check_pcp_buddy(const Zone& zone, const ZoneRecount& recount) {
  Census census(zone);
  for (unsigned cpu = 0; cpu < zone.nr_cpus(); ++cpu) {
    census.check_cpu(CpuId{cpu});
  }
  census.check_total(recount.pcp_pages);
  census.check_owners(recount);
}

}  // namespace gbsim
