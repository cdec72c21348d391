// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/buddy_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string>

#include "sim/metrics/proc_format.h"

namespace gbsim {
namespace {

constexpr std::size_t kKernelPrefix = 22;  // "Node 0, zone   Normal "
constexpr std::size_t kKernelColumn = 7;
constexpr std::size_t kShortPrefix = 10;

std::string count_text(const ZoneSample& zone, std::size_t order) {
  const auto& by_type = zone.free_blocks[order];
  return std::to_string(std::accumulate(by_type.begin(), by_type.end(), std::uint64_t{0}));
}

std::size_t column_width(std::span<const ZoneSample> zones, std::size_t order) {
  std::size_t width = std::to_string(order).size();
  for (const ZoneSample& zone : zones) {
    width = std::max(width, count_text(zone, order).size());
  }
  return width + 1;
}

std::vector<ScreenLine> kernel_lines(std::span<const ZoneSample> zones) {
  std::string heading = fmt::format("{:<{}}", "free blocks of order", kKernelPrefix);
  for (std::size_t order = 0; order < zones.front().free_blocks.size(); ++order) {
    fmt::format_to(std::back_inserter(heading), "{:6} ", order);
  }
  std::vector<ScreenLine> lines{line_of(Keep::heading, heading, TextStyle::bold)};
  for (const ZoneSample& zone : zones) {
    std::string text = buddyinfo({&zone, 1});
    text.pop_back();  // the line's end
    lines.push_back(line_of(Keep::buddy, text));
  }
  return lines;
}

std::vector<ScreenLine> narrow_lines(std::span<const ZoneSample> zones) {
  std::string heading = fmt::format("{:<{}}", "order", kShortPrefix);
  std::vector<std::string> rows;
  for (const ZoneSample& zone : zones) {
    rows.push_back(fmt::format("{:<{}}", fmt::format("{} {}", zone.node.value, zone.name), kShortPrefix));
  }
  for (std::size_t order = 0; order < zones.front().free_blocks.size(); ++order) {
    const std::size_t width = column_width(zones, order);
    fmt::format_to(std::back_inserter(heading), "{:>{}}", order, width);
    for (std::size_t i = 0; i < zones.size(); ++i) {
      fmt::format_to(std::back_inserter(rows[i]), "{:>{}}", count_text(zones[i], order), width);
    }
  }
  std::vector<ScreenLine> lines{line_of(Keep::heading, heading, TextStyle::bold)};
  std::ranges::transform(rows, std::back_inserter(lines), [](const auto& row) { return line_of(Keep::buddy, row); });
  return lines;
}

}  // namespace

std::vector<ScreenLine> buddy_lines(std::span<const ZoneSample> zones, std::size_t columns) {
  if (zones.empty()) {
    return {};
  }
  const std::size_t wanted = kKernelPrefix + kKernelColumn * zones.front().free_blocks.size();
  return wanted <= columns ? kernel_lines(zones) : narrow_lines(zones);
}

}  // namespace gbsim
