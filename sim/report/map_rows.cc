// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/map_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

namespace gbsim {

std::vector<std::size_t> MapRows::holes() const {
  std::vector<std::size_t> rows;
  for (std::size_t row = 1; row < count(); ++row) {
    if (gigablocks_[row] != gigablocks_[row - 1] + 1) {
      rows.push_back(row);
    }
  }
  return rows;
}

std::string MapRows::row_function() const {
  std::string text = fmt::format("row(g) = g - {}", gigablocks_.empty() ? 0 : gigablocks_.front());
  for (const std::size_t row : holes()) {
    const std::uint64_t below = gigablocks_[row - 1];
    text += fmt::format(" - (g > {} ? {} : 0)", below, gigablocks_[row] - below - 1);
  }
  return text + "\n";
}

/** 1, 2 or 5 times a power of ten, so that some ten labels stand beside the map. */
std::uint64_t MapRows::tic_step() const {
  constexpr std::uint64_t kLabels = 12;
  std::uint64_t decade = 1;
  while (count() > 10 * decade * kLabels) {
    decade *= 10;
  }
  constexpr std::array<std::uint64_t, 4> kFactors{1, 2, 5, 10};
  return decade * *std::ranges::find_if(kFactors, [&](auto factor) { return count() <= factor * decade * kLabels; });
}

std::string MapRows::tics() const {
  const std::uint64_t step = tic_step();
  std::string labels;
  for (std::size_t row = 0; row < count(); ++row) {
    if (gigablocks_[row] % step == 0) {
      labels += fmt::format("{}\"{}\" {}", labels.empty() ? "" : ", ", gigablocks_[row], row);
    }
  }
  return "set ytics (" + labels + ")\n";
}

MapRows read_map_rows(const std::filesystem::path& gigablocks_csv) {
  std::ifstream file(gigablocks_csv);
  std::vector<std::uint64_t> gigablocks;
  std::string line, first_time;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::size_t comma = line.find(',');
    if (comma == std::string::npos || (!gigablocks.empty() && line.substr(0, comma) != first_time)) {
      break;
    }
    first_time = line.substr(0, comma);
    gigablocks.push_back(std::strtoull(line.c_str() + comma + 1, nullptr, 10));
  }
  return MapRows(std::move(gigablocks));
}

}  // namespace gbsim
