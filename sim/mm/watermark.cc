// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/watermark.h"

#include <algorithm>

namespace gbsim {

namespace {

constexpr std::uint64_t kPageKib = kPageSize / 1024;

bool counts_as_lowmem(const Zone& zone) {
  return zone.type() != ZoneType::movable || !zone.rules().movable_zone_min_fixed;
}

std::uint64_t min_of(const Zone& zone, std::uint64_t share) {
  if (counts_as_lowmem(zone)) {
    return share;
  }
  return std::clamp<std::uint64_t>(zone.managed().value / 1024, 32, 128);
}

}  // namespace

std::uint64_t integer_sqrt(std::uint64_t x) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 31; bit != 0; bit >>= 1) {
    const std::uint64_t next = root | bit;
    root = next * next <= x ? next : root;
  }
  return root;
}

std::uint64_t default_min_free_kbytes(NrPages lowmem) {
  return std::clamp<std::uint64_t>(integer_sqrt(lowmem.value * kPageKib * 16), 128, 262144);
}

std::uint64_t thp_min_free_kbytes(unsigned nr_zones, Order pageblock, NrPages lowmem) {
  const std::uint64_t per_zone = 2 + kNrPcpTypes * kNrPcpTypes;
  const std::uint64_t pages = pageblock.pages().value * nr_zones * per_zone;
  return std::min(pages, lowmem.value / 20) * kPageKib;
}

void set_watermarks(const std::vector<std::unique_ptr<Zone>>& zones, std::uint64_t min_kbytes, unsigned scale_factor) {
  std::uint64_t lowmem = 0;
  for (const auto& zone : zones) {
    lowmem += counts_as_lowmem(*zone) ? zone->managed().value : 0;
  }
  for (const auto& zone : zones) {
    const std::uint64_t managed = zone->managed().value;
    const std::uint64_t share = lowmem == 0 ? 0 : min_kbytes / kPageKib * managed / lowmem;
    const std::uint64_t step = std::max(share / 4, managed * scale_factor / 10000);
    Watermarks marks = zone->watermarks();
    marks.mark[0] = min_of(*zone, share);
    marks.mark[1] = marks.mark[0] + step;
    marks.mark[2] = marks.mark[1] + step;
    zone->clear_boost();
    zone->set_watermarks(marks);
  }
}

namespace {

/** Managed pages of the node's zones above @zone, up to @highest. */
std::uint64_t managed_above(const std::vector<std::unique_ptr<Zone>>& zones, const Zone& zone, std::size_t highest) {
  std::uint64_t above = 0;
  for (const auto& other : zones) {
    const bool is_above = other->type() > zone.type() && static_cast<std::size_t>(other->type()) <= highest;
    above += other->node() == zone.node() && is_above ? other->managed().value : 0;
  }
  return above;
}

}  // namespace

void set_lowmem_reserves(const std::vector<std::unique_ptr<Zone>>& zones, const std::array<unsigned, 4>& ratio) {
  for (const auto& zone : zones) {
    Watermarks marks = zone->watermarks();
    const unsigned divisor = ratio[static_cast<std::size_t>(zone->type())];
    for (std::size_t highest = 0; highest < kNrZoneTypes; ++highest) {
      marks.lowmem_reserve[highest] = divisor == 0 ? 0 : managed_above(zones, *zone, highest) / divisor;
    }
    zone->set_watermarks(marks);
  }
}

NrPages total_reserve(const std::vector<std::unique_ptr<Zone>>& zones) {
  NrPages total;
  for (const auto& zone : zones) {
    const NrPages reserve{std::ranges::max(zone->watermarks().lowmem_reserve)};
    total += std::min(reserve + zone->high_wmark(), zone->managed());
  }
  return total;
}

}  // namespace gbsim
