// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/base/units.h"

namespace gbsim {
namespace {

std::optional<double> whole_of(std::string_view text) {
  const auto value = parse_integer(text);
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

std::optional<double> share_of(std::string_view text) {
  return text.ends_with('%') ? parse_share(text) : std::nullopt;
}

std::optional<double> size_of(std::string_view text) {
  const auto value = parse_size(text);
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

std::optional<double> time_of(std::string_view text) {
  const auto value = parse_time(text);
  return value ? std::optional(static_cast<double>(value->count())) : std::nullopt;
}

/** One way to read a number, the plainest first. */
struct Spelling {
  RangeUnit unit;
  std::optional<double> (*parse)(std::string_view text);
};

constexpr std::array kSpellings{Spelling{RangeUnit::whole, whole_of}, Spelling{RangeUnit::real, parse_real},
                                Spelling{RangeUnit::share, share_of}, Spelling{RangeUnit::size, size_of},
                                Spelling{RangeUnit::time, time_of}};

std::string spelt(double value, RangeUnit unit) {
  switch (unit) {
    case RangeUnit::whole:
      return fmt::format("{}", std::llround(value));
    case RangeUnit::real:
      return fmt::format("{:.6g}", value);
    case RangeUnit::share:
      return fmt::format("{:.6g}%", 100 * value);
    case RangeUnit::size:
      return format_size(static_cast<std::uint64_t>(std::llround(value)));
    case RangeUnit::time:
      return format_time(Ns{std::llround(value)});
  }
  return {};
}

}  // namespace

std::string Range::at(double u) const {
  const double value = logarithmic ? from * std::pow(to / from, u) : std::lerp(from, to, u);
  return spelt(value, unit);
}

std::optional<Range> parse_range(std::string_view from, std::string_view to) {
  for (const Spelling& spelling : kSpellings) {
    const auto first = spelling.parse(from);
    const auto last = spelling.parse(to);
    if (first && last) {
      return Range{*first, *last, spelling.unit};
    }
  }
  return std::nullopt;
}

std::vector<std::string> Axis::levels() const {
  if (!range) {
    return values;
  }
  std::vector<std::string> result;
  for (std::size_t i = 0; i < range->steps; ++i) {
    const double u = range->steps < 2 ? 0 : static_cast<double>(i) / static_cast<double>(range->steps - 1);
    const std::string value = range->at(u);
    if (std::ranges::find(result, value) == result.end()) {
      result.push_back(value);
    }
  }
  return result;
}

std::string Axis::at(double u) const {
  if (range) {
    return range->at(u);
  }
  const auto part = static_cast<std::size_t>(u * static_cast<double>(values.size()));
  return values[std::min(part, values.size() - 1)];
}

std::optional<double> number_of(std::string_view text) {
  for (const Spelling& spelling : kSpellings) {
    if (const auto value = spelling.parse(text)) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<double> formula_value(std::string_view text) {
  if (const auto number = number_of(text)) {
    return number;
  }
  const auto flag = parse_flag(text);
  return flag ? std::optional(*flag ? 1.0 : 0.0) : std::nullopt;
}

}  // namespace gbsim
