// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/base/types.h"
#include "sim/mm/page_map.h"

namespace gbsim {

enum class ZoneType : std::uint8_t { dma, dma32, normal, movable };

inline constexpr std::size_t kNrZoneTypes = 4;

/** A zone as it is laid out at boot. Ranges are (first pfn, pages), ascending and disjoint. */
struct ZoneSpec {
  ZoneType type = ZoneType::normal;
  NodeId node{};
  Pfn start;
  NrPages spanned;
  ZoneOrders orders{};
  unsigned nr_cpus = 1;
  std::vector<std::pair<Pfn, NrPages>> holes{};     // no memory behind these pfns
  std::vector<std::pair<Pfn, NrPages>> reserved{};  // boot-time memory: present, never managed
  std::vector<std::pair<Pfn, NrPages>> cma{};       // pageblock-aligned; freed as CMA blocks
};

}  // namespace gbsim
