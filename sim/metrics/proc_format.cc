// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/proc_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <vector>

namespace gbsim {
namespace {

/** Longer free lists are not counted to the end by the kernel. */
constexpr std::uint64_t kCountLimit = 100000;

std::vector<Migratetype> shown_types(std::span<const ZoneSample> zones) {
  const auto holds_cma = [](const ZoneSample& zone) { return zone.pageblocks[index(Migratetype::cma)] > 0; };
  const bool has_cma = std::ranges::any_of(zones, holds_cma);
  std::vector<Migratetype> types;
  for (std::size_t i = 0; i < kNrMigratetypes; ++i) {
    if (const auto type = static_cast<Migratetype>(i); type != Migratetype::cma || has_cma) {
      types.push_back(type);
    }
  }
  return types;
}

std::string free_count_line(const ZoneSample& zone, Migratetype type) {
  std::string line = fmt::format("Node {:4}, zone {:>8}, type {:>12} ", zone.node.value, zone.name, name(type));
  for (const auto& by_type : zone.free_blocks) {
    const std::uint64_t count = by_type[index(type)];
    const bool overflow = count >= kCountLimit;
    fmt::format_to(std::back_inserter(line), "{}{:6} ", overflow ? ">" : "", std::min(count, kCountLimit));
  }
  return line + '\n';
}

std::string free_counts(std::span<const ZoneSample> zones, std::span<const Migratetype> types) {
  std::string text = fmt::format("{:<43} ", "Free pages count per migrate type at order");
  for (std::size_t order = 0; order < zones.front().free_blocks.size(); ++order) {
    fmt::format_to(std::back_inserter(text), "{:6} ", order);
  }
  text += '\n';
  for (const ZoneSample& zone : zones) {
    for (const Migratetype type : types) {
      text += free_count_line(zone, type);
    }
  }
  return text;
}

std::string block_counts(std::span<const ZoneSample> zones, std::span<const Migratetype> types) {
  std::string text = fmt::format("{:<23}", "Number of blocks type ");
  for (const Migratetype type : types) {
    fmt::format_to(std::back_inserter(text), "{:>12} ", name(type));
  }
  text += '\n';
  for (const ZoneSample& zone : zones) {
    fmt::format_to(std::back_inserter(text), "Node {}, zone {:>8} ", zone.node.value, zone.name);
    for (const Migratetype type : types) {
      fmt::format_to(std::back_inserter(text), "{:12} ", zone.pageblocks[index(type)]);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::string buddyinfo(std::span<const ZoneSample> zones) {
  std::string text;
  for (const ZoneSample& zone : zones) {
    fmt::format_to(std::back_inserter(text), "Node {}, zone {:>8} ", zone.node.value, zone.name);
    for (const auto& by_type : zone.free_blocks) {
      const std::uint64_t blocks = std::accumulate(by_type.begin(), by_type.end(), std::uint64_t{0});
      fmt::format_to(std::back_inserter(text), "{:6} ", blocks);
    }
    text += '\n';
  }
  return text;
}

std::string pagetypeinfo(std::span<const ZoneSample> zones) {
  if (zones.empty()) {
    return {};
  }
  const Order pageblock = zones.front().pageblock_order;
  const std::vector<Migratetype> types = shown_types(zones);
  return fmt::format("Page block order: {}\nPages per block:  {}\n\n{}\n{}", pageblock.value, pageblock.pages().value,
                     free_counts(zones, types), block_counts(zones, types));
}

}  // namespace gbsim
