// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/pcp_rearrangement.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

namespace gbsim {

namespace {

/** Who gets which block next, and when: a hash table without deletions, made anew for each question. */
class NextTakers {
 public:
  struct Turn {
    std::size_t when;
    unsigned cpu;
  };

  NextTakers(const TraceEvent& wanted, const CallWindow& window) : slots_(kSlots) {
    note(wanted);
    window.for_each_call([this](const TraceEvent& event) { note(event); });
  }

  /** Nothing: nobody soon, or it is freed first, so that somebody unseen has it. */
  std::optional<Turn> turn_of(Pfn block) const {
    const Slot& slot = slots_[place_of(block)];
    return slot.is_alloc && slot.block == block ? std::optional{Turn{slot.when, slot.cpu}} : std::nullopt;
  }

 private:
  static constexpr std::size_t kSlots = 4 * CallWindow::kReach;  // at most half of them are ever taken

  struct Slot {
    Pfn block{};
    std::uint32_t when = 0;  // from 1; 0: nothing is here
    std::uint16_t cpu = 0;
    bool is_alloc = false;
  };

  /** Where @block is, or would be. */
  std::size_t place_of(Pfn block) const {
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
    std::size_t place = (block.value * kGolden >> 32) % kSlots;
    while (slots_[place].when != 0 && slots_[place].block != block) {
      place = (place + 1) % kSlots;
    }
    return place;
  }

  void note(const TraceEvent& event) {
    Slot& slot = slots_[place_of(event.pfn)];
    ++noted_;
    if (slot.when == 0 && noted_ <= kSlots / 2) {
      slot = Slot{event.pfn, noted_, event.cpu, event.kind == EventKind::alloc};
    }
  }

  std::vector<Slot> slots_;
  std::uint32_t noted_ = 0;
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

CpuId cpu_id(std::size_t cpu) { return CpuId{static_cast<std::uint16_t>(cpu)}; }

/** Sorts one list into what CPUs ask for next, what they do not, and what was taken unseen. */
void sort_out(Zone& zone, PcpRing& ring, const TraceEvent& wanted, const NextTakers& takers,
              std::vector<std::vector<Asked>>& asked, std::vector<Pfn>& taken) {
  std::vector<PageIndex> kept;
  bool is_above = holds(ring, zone.page(wanted.pfn));
  while (!ring.empty()) {
    const PageIndex block = ring.pop_head();
    is_above = is_above && block != zone.page(wanted.pfn);
    if (const auto turn = takers.turn_of(zone.pfn(block))) {
      asked[turn->cpu % asked.size()].push_back({turn->when, block});
    } else if (is_above) {
      zone.clear_slot(zone.pfn(block));
      taken.push_back(zone.pfn(block));
    } else {
      kept.push_back(block);
    }
  }
  for (const PageIndex block : kept) {
    ring.push_tail(block);
  }
}

}  // namespace

bool holds(const PcpRing& ring, PageIndex block) {
  for (std::uint32_t i = 0; i < ring.size(); ++i) {
    if (ring.from_head(i) == block) {
      return true;
    }
  }
  return false;
}

std::vector<Pfn> rearrange_pcps(Zone& zone, PcpKey key, const TraceEvent& wanted, const CallWindow& window) {
  const std::size_t list = pcp_list(key.order, key.type);
  const NextTakers takers(wanted, window);
  std::vector<std::vector<Asked>> asked(zone.nr_cpus());
  std::vector<Pfn> taken;
  for (std::size_t cpu = 0; cpu < asked.size(); ++cpu) {
    sort_out(zone, zone.pcp(cpu_id(cpu)).lists[list], wanted, takers, asked, taken);
  }
  for (std::size_t cpu = 0; cpu < asked.size(); ++cpu) {
    PcpLists& pcp = zone.pcp(cpu_id(cpu));
    std::ranges::sort(asked[cpu], std::greater<>());
    for (const Asked& block : asked[cpu]) {
      pcp.lists[list].push_head(block.block);
    }
    pcp.count = count_pages(pcp, zone.orders().pageblock);
  }
  return taken;
}

}  // namespace gbsim
