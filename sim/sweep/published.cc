// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/published.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace gbsim {
namespace {

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole_text = error == std::errc() && end == text.data() + text.size();
  return is_whole_text && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<double> Published::ratio(double value) const {
  if (covers(value)) {
    return 1;
  }
  const double end = low && value < *low ? *low : *high;
  return end == 0 ? std::nullopt : std::optional(value / end);
}

std::optional<Published> parse_published(std::string_view text) {
  constexpr std::string_view kTo = "..";
  const std::size_t to = text.find(kTo);
  if (to == std::string_view::npos) {
    const auto only = number(text);
    return only ? std::optional(Published{only, only}) : std::nullopt;
  }
  const std::string_view first = text.substr(0, to);
  const std::string_view last = text.substr(to + kTo.size());
  const Published range{number(first), number(last)};
  const bool reads = range.low.has_value() == !first.empty() && range.high.has_value() == !last.empty();
  const bool has_end = range.low || range.high;
  const bool is_empty = range.low && range.high && *range.low > *range.high;
  return reads && has_end && !is_empty ? std::optional(range) : std::nullopt;
}

std::string to_string(const Published& published) {
  if (published.is_number()) {
    return fmt::format("{}", *published.low);
  }
  if (!published.low) {
    return fmt::format("at most {}", *published.high);
  }
  return published.high ? fmt::format("{} to {}", *published.low, *published.high)
                        : fmt::format("at least {}", *published.low);
}

}  // namespace gbsim
