// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gbsim {

/** How numbers of a range are spelt; both ends have the same. */
enum class RangeUnit : std::uint8_t { whole, real, share, size, time };

/** A range of numbers in base units (bytes, ns, fractions). */
struct Range {
  double from = 0;
  double to = 0;
  RangeUnit unit = RangeUnit::real;
  bool logarithmic = false;
  std::size_t steps = 0;  // levels of a grid

  /** The number at share @u of the way, 0 to 1, as --set takes it. */
  std::string at(double u) const;
};

/** A range between two spelt ends; nullopt if they are no numbers of one kind. */
std::optional<Range> parse_range(std::string_view from, std::string_view to);

/** One varied key: a list of values, or a range. */
struct Axis {
  std::string key;                    // as --set takes it
  std::vector<std::string> values{};  // of a list
  std::optional<Range> range{};

  /** Values of a grid: the list, or `steps` values from end to end. */
  std::vector<std::string> levels() const;
  /** The value at share @u in [0, 1): each value of a list takes an equal part. */
  std::string at(double u) const;
};

/** @text as a number in base units: 2MiB is 2097152, 1ms is 1e6, 5% is 0.05; nullopt for words. */
std::optional<double> number_of(std::string_view text);

/** The same as formulas see it: flags are 1 and 0. */
std::optional<double> formula_value(std::string_view text);

}  // namespace gbsim
