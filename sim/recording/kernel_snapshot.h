// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/types.h"
#include "sim/mm/migratetype.h"
#include "sim/mm/page_map.h"
#include "sim/mm/pcp.h"
#include "sim/mm/zone_spec.h"

namespace gbsim {

/** One CPU's lists of one zone at a snapshot. Counts are base pages. */
struct PcpImage {
  static constexpr std::uint32_t kMostPages = 1U << 30;  // damage is told by more
  static constexpr std::uint32_t kMostBatch = 1U << 16;  // kernels have 96 at most

  int count = 0;
  int high = 0;
  int batch = 0;
  std::vector<std::vector<Pfn>> lists{};  // in list order, head first; numbered as pcp_list()
};

/** What one zone looked like: everything that decides which page is taken next. */
struct ZoneImage {
  ZoneType type = ZoneType::normal;
  NodeId node{};
  Ns time{0};  // of the recording's clock: zones are taken one after the other
  Pfn start;
  NrPages spanned;
  NrPages present;
  NrPages managed;
  NrPages nr_free;
  std::array<std::uint64_t, 3> watermark{};  // min, low, high, without the boost
  std::uint64_t boost = 0;
  std::array<std::uint64_t, 4> lowmem_reserve{};
  NrPages reserved_highatomic;
  ZoneOrders orders{};
  std::array<std::array<std::vector<Pfn>, kNrMigratetypes>, kMaxOrders> free{};  // in list order, head first
  std::vector<PcpImage> pcps{};           // by CPU
  std::vector<Migratetype> pageblocks{};  // from the one that holds the zone's start
  bool is_drawn = false;                  // only counts are known: places are drawn at random

  /** @visit(head, order) for each block on a free list. */
  template <class Visit>
  void for_each_free(Visit&& visit) const {
    for (Order order{0}; order <= orders.max; ++order) {
      for (const std::vector<Pfn>& list : free[order.value]) {
        std::ranges::for_each(list, [&](Pfn head) { visit(head, order); });
      }
    }
  }
  /** The same for per-CPU lists. */
  template <class Visit>
  void for_each_on_pcp(Visit&& visit) const {
    for (const PcpImage& pcp : pcps) {
      for (std::size_t list = 0; list < pcp.lists.size(); ++list) {
        const Order order = pcp_order(list, orders.pageblock);
        std::ranges::for_each(pcp.lists[list], [&](Pfn head) { visit(head, order); });
      }
    }
  }
};

/** /proc/kpageflags condensed by the recorder: what each page of the machine was used for, not taken at one instant. */
enum class PageClass : std::uint8_t {
  no_page, buddy, hugetlb, thp, slab, page_table, anon, file, reserved, mapped, other,
};

/** Allocator state of a recorded machine at one moment. */
struct KernelSnapshot {
  unsigned sequence = 0;
  std::string label{};
  Ns time{0};  // of the recording's clock
  std::filesystem::path file{};  // it was read from, for errors; empty if from none
  std::vector<ZoneImage> zones{};
  std::vector<std::uint8_t> classes{};  // by pfn, as the recorder wrote them; empty if unknown

  /** What @pfn was used for; nothing if the snapshot does not say. */
  PageClass page_class(Pfn pfn) const;
};

/**
 * Zones of a pgsnap file, machine of one node. @name is for errors only. Throws BadRecording with the offset where the
 * words contradict themselves.
 */
KernelSnapshot parse_pgsnap(std::string_view bytes, const std::filesystem::path& name);

}  // namespace gbsim
