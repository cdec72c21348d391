// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/tunables.h"
#include "sim/base/types.h"
#include "sim/mm/page_map.h"

namespace gbsim {

/** How a zone keeps its free lists. */
struct GigablockListing {
  bool per_gigablock = false;   // one buddy a gigablock and an index over them, instead of one a zone
  double reserve_share = 0.03;  // a gigablock's reserve: this part of its pageblocks,
  unsigned reserve_min = 4;     // at least so many
  double mostly_used = 0.75;    // part of its pageblocks in use from which on a gigablock is of this fullness
  double half_used = 0.50;
};

/** How a block joins its free list. */
enum class FreeFlags : std::uint8_t { none = 0, skip_report = 1, to_tail = 2 };

enum class ListEnd : std::uint8_t { head, tail };

enum class ZoneType : std::uint8_t { dma, dma32, normal, movable };

inline constexpr std::size_t kNrZoneTypes = 4;

/** A zone as it is laid out at boot. Ranges are (first pfn, pages), ascending and disjoint. */
struct ZoneSpec {
  ZoneType type = ZoneType::normal;
  NodeId node{};
  Pfn start;
  NrPages spanned;
  ZoneOrders orders{};
  GigablockListing listing{};
  unsigned nr_cpus = 1;
  std::vector<std::pair<Pfn, NrPages>> holes{};     // no memory behind these pfns
  std::vector<std::pair<Pfn, NrPages>> reserved{};  // boot-time memory: present, never managed
  std::vector<std::pair<Pfn, NrPages>> cma{};       // pageblock-aligned; freed as CMA blocks
  double confined_share = 0;                        // of the zone, below the boundary at boot; 0: none is drawn
  PcpKind pcp = PcpKind::linux;
  std::optional<NrPages> managed{};  // as another kernel counted it; else what is handed over at boot
};

}  // namespace gbsim
