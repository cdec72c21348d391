// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/csv_pack.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string_view>

namespace gbsim {
namespace {

constexpr std::size_t kFields = 9;           // of gigablocks.csv

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::size_t step_for(std::size_t rows, std::size_t max_rows) {
  return std::max<std::size_t>(1, (rows + max_rows - 1) / std::max<std::size_t>(1, max_rows));
}

using Fields = std::array<std::string_view, kFields>;

bool split(std::string_view line, Fields& fields) {
  for (std::size_t i = 0; i < kFields; ++i) {
    const std::size_t end = line.find(',');
    if ((end == std::string_view::npos) != (i + 1 == kFields)) {
      return false;
    }
    fields[i] = line.substr(0, end);
    line.remove_prefix(std::min(fields[i].size() + 1, line.size()));
  }
  return true;
}

double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::uint8_t share(std::string_view pages, double whole) {
  const double count = number(pages);
  return static_cast<std::uint8_t>(count <= 0 ? 0 : std::clamp(std::round(count / whole * 255), 1.0, 255.0));
}

std::uint8_t state_code(std::string_view name) {
  constexpr std::array<std::string_view, 4> kStates{"empty", "clean", "tainted", "partial"};
  const auto* found = std::find(kStates.begin(), kStates.end(), name);
  return static_cast<std::uint8_t>(std::min<std::ptrdiff_t>(found - kStates.begin(), 3));
}

/** Pages of a gigablock, a power of two: that of the fullest row of the first @row, which may lack boot-time memory. */
double gigablock_pages(const std::vector<std::string_view>& lines, std::size_t row) {
  double most = 1;
  Fields fields;
  for (std::size_t i = 1; i <= row && split(lines[i], fields); ++i) {
    most = std::max(most, number(fields[3]) + number(fields[4]) + number(fields[5]) + number(fields[6]));
  }
  return static_cast<double>(std::bit_ceil(static_cast<std::uint64_t>(most)));
}

void append(GigablockPlanes& planes, const Fields& fields, double whole) {
  planes.state.push_back(state_code(fields[2]));
  planes.free.push_back(share(fields[3], whole));
  planes.movable.push_back(share(fields[4], whole));
  planes.unmovable.push_back(share(fields[5], whole));
  planes.reclaimable.push_back(share(fields[6], whole));
  planes.pinned.push_back(share(fields[7], whole));
}

/** Rows of the first sample name the gigablocks. */
std::vector<unsigned> first_sample(const std::vector<std::string_view>& lines) {
  std::vector<unsigned> ids;
  Fields fields, first;
  for (std::size_t i = 1; i < lines.size() && split(lines[i], fields); ++i) {
    first = i == 1 ? fields : first;
    if (fields[0] != first[0]) {
      break;
    }
    ids.push_back(static_cast<unsigned>(number(fields[1])));
  }
  return ids;
}

}  // namespace

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string thin_csv(const std::string& csv, std::size_t max_rows) {
  const std::vector<std::string_view> lines = lines_of(csv);
  const std::size_t step = step_for(lines.empty() ? 0 : lines.size() - 1, max_rows);
  std::string result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == 0 || (i - 1) % step == 0 || i + 1 == lines.size()) {
      result += std::string(lines[i]) + "\n";
    }
  }
  return result;
}

GigablockPlanes read_gigablock_planes(const std::filesystem::path& path, std::size_t max_samples) {
  const std::string text = file_text(path);
  const std::vector<std::string_view> lines = lines_of(text);
  GigablockPlanes planes;
  planes.gigablocks = first_sample(lines);
  const std::size_t row = planes.gigablocks.size();
  const std::size_t samples = row == 0 ? 0 : (lines.size() - 1) / row;
  const std::size_t step = step_for(samples, max_samples);
  const double whole = gigablock_pages(lines, row);
  Fields fields;
  for (std::size_t sample = 0; sample < samples; sample += step) {
    for (std::size_t i = 0; i < row && split(lines[1 + sample * row + i], fields); ++i) {
      append(planes, fields, whole);
    }
    planes.times.push_back(number(fields[0]));
  }
  return planes;
}

std::string differences(const std::vector<std::uint8_t>& plane, std::size_t row) {
  std::string result(plane.size(), '\0');
  for (std::size_t i = 0; i < plane.size(); ++i) {
    result[i] = static_cast<char>(static_cast<std::uint8_t>(plane[i] - (i < row ? 0U : plane[i - row])));
  }
  return result;
}

}  // namespace gbsim
