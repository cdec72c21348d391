// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/pcp_rearrangement.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "sim/recording/kernel_gfp.h"

namespace gbsim {

namespace {

/** Who gets which block of the zone's per-CPU lists next, and when. */
class NextTakers {
 public:
  struct Turn {
    std::size_t when;
    unsigned cpu;
  };

  NextTakers(const Zone& zone, PcpKey key, const TraceEvent& wanted, const CallWindow& window)
      : zone_(zone), key_(key) {
    note(wanted);
    window.for_each_call([this](const TraceEvent& event) { note(event); });
    std::ranges::stable_sort(calls_, {}, &Call::block);
  }

  /** Nothing: nobody soon, or it is freed first. */
  std::optional<Turn> turn_of(Pfn block) const {
    const Call* first = first_of(block);
    return first != nullptr && first->takes ? std::optional{first->turn} : std::nullopt;
  }
  bool is_freed_next(Pfn block) const {
    const Call* first = first_of(block);
    return first != nullptr && first->frees;
  }

 private:
  struct Call {
    Pfn block{};
    Turn turn{};
    bool takes = false;
    bool frees = false;
  };

  const Call* first_of(Pfn block) const {
    const auto first = std::ranges::lower_bound(calls_, block, {}, &Call::block);
    return first != calls_.end() && first->block == block ? &*first : nullptr;
  }

  /** Most calls are about other pages. */
  void note(const TraceEvent& event) {
    if (zone_.contains(event.pfn) && zone_.slot(event.pfn).kind() == Slot::Kind::pcp) {
      calls_.push_back({event.pfn, {calls_.size(), event.cpu}, takes(event), event.kind == EventKind::free});
    }
  }

  /** As it lies there: whoever gets it otherwise gets it from the free lists. */
  bool takes(const TraceEvent& event) const {
    return event.kind == EventKind::alloc && event.order == key_.order && key_of(event).type == key_.type;
  }

  const Zone& zone_;
  PcpKey key_;
  std::vector<Call> calls_;  // by block, then in order
};

struct Asked {
  std::size_t when;
  PageIndex block;
  auto operator<=>(const Asked&) const = default;
};

int count_pages(const PcpLists& pcp, Order pageblock) {
  std::uint64_t pages = 0;
  for (std::size_t list = 0; list < kNrPcpLists; ++list) {
    pages += pcp.lists[list].size() * pcp_order(list, pageblock).pages().value;
  }
  return static_cast<int>(pages);
}

/** Sorts one list into what CPUs ask for next, what they do not, and what was passed over. */
void sort_out(Zone& zone, PcpRing& ring, const TraceEvent& wanted, const NextTakers& takers,
              std::vector<std::vector<Asked>>& asked, std::vector<PassedOver>& passed) {
  std::vector<PageIndex> kept;
  bool is_above = ring.contains(zone.page(wanted.pfn));
  while (!ring.empty()) {
    const PageIndex block = ring.pop_head();
    is_above = is_above && block != zone.page(wanted.pfn);
    if (const auto turn = takers.turn_of(zone.pfn(block))) {
      asked[turn->cpu % asked.size()].push_back({turn->when, block});
    } else if (is_above) {
      zone.clear_slot(zone.pfn(block));
      passed.push_back({zone.pfn(block), takers.is_freed_next(zone.pfn(block))});
    } else {
      kept.push_back(block);
    }
  }
  for (const PageIndex block : kept) {
    ring.push_tail(block);
  }
}

}  // namespace

PcpKey key_of(const TraceEvent& alloc) { return {alloc.order, gfp_of_kernel(alloc.gfp).migratetype()}; }

std::vector<PassedOver> rearrange_pcps(Zone& zone, PcpKey key, const TraceEvent& wanted, const CallWindow& window) {
  const std::size_t list = pcp_list(key.order, key.type);
  const NextTakers takers(zone, key, wanted, window);
  std::vector<std::vector<Asked>> asked(zone.nr_cpus());
  std::vector<PassedOver> passed;
  for (std::size_t cpu = 0; cpu < asked.size(); ++cpu) {
    sort_out(zone, zone.pcp(CpuId{cpu}).lists[list], wanted, takers, asked, passed);
  }
  for (std::size_t cpu = 0; cpu < asked.size(); ++cpu) {
    PcpLists& pcp = zone.pcp(CpuId{cpu});
    std::ranges::sort(asked[cpu], std::greater<>());
    for (const Asked& block : asked[cpu]) {
      pcp.lists[list].push_head(block.block);
    }
    pcp.count = count_pages(pcp, zone.orders().pageblock);
  }
  return passed;
}

}  // namespace gbsim
