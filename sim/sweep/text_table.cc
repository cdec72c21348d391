// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gbsim {

std::string aligned(const std::vector<TableRow>& rows, std::size_t left) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const TableRow& row : rows) {
    std::ranges::transform(row, widths, widths.begin(),
                           [](const std::string& cell, std::size_t width) { return std::max(width, cell.size()); });
  }
  std::string text;
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = i < left ? fmt::format("{:<{}}", row[i], widths[i])
                                        : fmt::format("{:>{}}", row[i], widths[i]);
      line += widths[i] > 0 ? (i > 0 ? "  " : "") + cell : "";
    }
    text += line.erase(line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

std::string brief(double value) {
  const double size = std::abs(value);
  return size >= 1e5 && size < 1e10 ? fmt::format("{:.0f}", value) : fmt::format("{:.5g}", value);
}

}  // namespace gbsim
