// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/machine.h"

#include <algorithm>

#include "sim/base/check.h"

namespace gbsim {

namespace {

constexpr Pfn kDmaEnd{(std::uint64_t{16} << 20) / kPageSize};
constexpr Pfn kHoleStart{(std::uint64_t{3} << 30) / kPageSize};  // PCI and firmware window of PC chipsets
constexpr Pfn kFourGib{(std::uint64_t{4} << 30) / kPageSize};
constexpr NrPages kLowMib{256};                                  // real-mode area and firmware tables
constexpr Pfn kKernelStart{4096};                                // 16 MiB: CONFIG_PHYSICAL_START
constexpr NrPages kKernelPages{16384};                           // 64 MiB: image, initrd, early allocations
constexpr std::uint64_t kStructPageBytes = 64;

/** One node's physical range; pages count memory, not the hole. */
struct NodeRange {
  NodeId node;
  Pfn start;
  Pfn end;
  NrPages pages;
};

/** The pfn @pages of memory above @from, skipping the hole below 4 GiB. */
Pfn after(Pfn from, NrPages pages) {
  if (from >= kHoleStart || from + pages <= kHoleStart) {
    return from + pages;
  }
  return kFourGib + (pages - (kHoleStart - from));
}

class Layout {
 public:
  explicit Layout(const MachineSpec& machine) : machine_(machine) {}

  void add_node(const NodeRange& range) {
    const NrPages movable = std::min(pages_for_bytes(machine_.movablecore_bytes / machine_.nodes), most_movable(range));
    const Pfn movable_start = (range.end - movable).align_down(machine_.orders.max);
    const Pfn kernel_end = movable == NrPages{} ? range.end : movable_start;
    add(range.node, ZoneType::dma, range.start, std::min(kernel_end, kDmaEnd));
    add(range.node, ZoneType::dma32, std::max(range.start, kDmaEnd), std::min(kernel_end, kFourGib));
    add(range.node, ZoneType::normal, std::max(range.start, kFourGib), kernel_end);
    if (movable != NrPages{}) {
      add(range.node, ZoneType::movable, kernel_end, range.end);
    }
    reserve_memmap(range);
  }

  std::vector<ZoneSpec> take() { return std::move(zones_); }

  /** Boot-time memory at @from, cut to the zones it falls into. */
  void reserve(Pfn from, NrPages pages) {
    for (ZoneSpec& zone : zones_) {
      const Pfn first = std::max(from, zone.start);
      const Pfn until = std::min(from + pages, zone.start + zone.spanned);
      if (first < until) {
        zone.reserved.emplace_back(first, until - first);
      }
    }
  }

  /** The contiguous memory area, at the top of the last kernel zone of node 0. */
  void place_cma(NrPages pages) {
    for (ZoneSpec& zone : zones_) {
      const bool fits = zone.node == NodeId{} && zone.type != ZoneType::movable && zone.spanned.value > 4 * pages.value;
      if (fits && pages != NrPages{}) {
        zone.cma.clear();
        zone.cma.emplace_back((zone.start + zone.spanned / 2 - pages).align_down(machine_.orders.max), pages);
      }
    }
    drop_all_but_last_cma();
  }

  /** Areas of whole gigablocks for hugetlb_cma: @each a node, or what half of its highest kernel zone has. */
  void place_hugetlb_cma(NrPages each) {
    for (unsigned node = 0; node < machine_.nodes && each != NrPages{}; ++node) {
      const auto on_node = [&](const ZoneSpec& zone) {
        return zone.node.value == node && zone.type != ZoneType::movable;
      };
      const auto last = std::find_if(zones_.rbegin(), zones_.rend(), on_node);
      if (last != zones_.rend()) {
        place_at_top(*last, each);
      }
    }
  }

 private:
  void place_at_top(ZoneSpec& zone, NrPages wanted) const {
    const Order order = machine_.orders.gigablock;
    const Pfn end = (zone.start + zone.spanned).align_down(order);
    const Pfn lowest = (zone.start + zone.spanned / 2).align_up(order);
    if (end > lowest) {
      const NrPages pages = std::min(wanted, end - lowest);
      zone.cma.emplace_back(end - pages, pages);
    }
  }

  /**
   * ZONE_MOVABLE takes from the highest kernel zone only (find_zone_movable_pfns_for_nodes()), and leaves it its memory
   * map and a thirty-second part, lest the kernel cannot boot. On machines without zone Normal that is DMA32.
   */
  NrPages most_movable(const NodeRange& range) const {
    const Pfn lowest = std::max(range.start, range.end > kFourGib ? kFourGib : kKernelStart + kKernelPages);
    const NrPages memmap = pages_for_bytes(range.pages.value * kStructPageBytes);
    const Pfn least_end = (lowest + memmap + (range.end - lowest) / 32).align_up(machine_.orders.max);
    return range.end > least_end ? range.end - least_end : NrPages{};
  }

  void add(NodeId node, ZoneType type, Pfn start, Pfn end) {
    if (start >= end || (start >= kHoleStart && end <= kFourGib)) {
      return;
    }
    const bool reaches_hole = start < kHoleStart && end > kHoleStart && end <= kFourGib;
    const Pfn last = reaches_hole ? kHoleStart : end;
    ZoneSpec zone{type, node, start, last - start, machine_.orders, {}, machine_.cpus};
    zones_.push_back(std::move(zone));
  }

  /** struct page array of the node, in its highest kernel zone, from the bottom. */
  void reserve_memmap(const NodeRange& range) {
    const NrPages memmap = pages_for_bytes(range.pages.value * kStructPageBytes);
    for (auto zone = zones_.rbegin(); zone != zones_.rend(); ++zone) {
      const Pfn from = std::max(zone->start, kKernelStart + kKernelPages);
      const bool kernel_zone = zone->node == range.node && zone->type != ZoneType::movable;
      if (kernel_zone && from + memmap < zone->start + zone->spanned) {
        zone->reserved.emplace_back(from, memmap);
        return;
      }
    }
    GBSIM_CHECK(!"the machine has room for its memory map");
  }

  void drop_all_but_last_cma() {
    bool seen = false;
    for (auto zone = zones_.rbegin(); zone != zones_.rend(); ++zone) {
      if (seen) {
        zone->cma.clear();
      }
      seen = seen || !zone->cma.empty();
    }
  }

  const MachineSpec& machine_;
  std::vector<ZoneSpec> zones_;
};

}  // namespace

std::vector<ZoneSpec> lay_out(const MachineSpec& machine) {
  GBSIM_CHECK(machine.nodes > 0 && machine.memory_bytes >= machine.nodes * (std::uint64_t{128} << 20));
  const NrPages each = NrPages{pages_for_bytes(machine.memory_bytes).value / machine.nodes};
  Layout layout(machine);
  Pfn start{};
  for (unsigned node = 0; node < machine.nodes; ++node) {
    const Pfn aligned{each.value * (node + 1)};
    const Pfn end = after(Pfn{}, NrPages{aligned.align_down(machine.orders.max).value});
    layout.add_node({NodeId{node}, start, end, each});
    start = end;
  }
  layout.reserve(Pfn{}, kLowMib);
  layout.reserve(kKernelStart, kKernelPages);
  layout.place_cma(Pfn{pages_for_bytes(machine.cma_bytes).value}.align_up(machine.orders.max) - Pfn{});
  const NrPages each_area = pages_for_bytes(machine.hugetlb_cma_bytes / machine.nodes);
  layout.place_hugetlb_cma(Pfn{each_area.value}.align_up(machine.orders.gigablock) - Pfn{});
  std::vector<ZoneSpec> zones = layout.take();
  for (ZoneSpec& zone : zones) {
    std::ranges::sort(zone.reserved);
  }
  return zones;
}

}  // namespace gbsim
