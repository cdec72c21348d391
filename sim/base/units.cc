// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/units.h"

#include <array>
#include <cctype>
#include <charconv>
#include <limits>

namespace gbsim {
namespace {

using Wide = unsigned __int128;
constexpr std::uint64_t kMaxSigned = std::numeric_limits<std::int64_t>::max();

/** One unit of a quantity: its suffix and its size in base units. */
struct Unit {
  std::string_view suffix;
  std::uint64_t scale;
};

constexpr std::array kSizeUnits{Unit{"PiB", 1ULL << 50}, Unit{"TiB", 1ULL << 40}, Unit{"GiB", 1ULL << 30},
                                Unit{"MiB", 1ULL << 20}, Unit{"KiB", 1ULL << 10}, Unit{"B", 1}};
constexpr std::array kTimeUnits{Unit{"d", 86'400'000'000'000}, Unit{"h", 3'600'000'000'000},
                                Unit{"m", 60'000'000'000},     Unit{"s", 1'000'000'000},
                                Unit{"ms", 1'000'000},         Unit{"us", 1'000},
                                Unit{"ns", 1}};
constexpr std::array kPeriods{Unit{"/h", 3'600'000'000'000}, Unit{"/min", 60'000'000'000}, Unit{"/s", 1'000'000'000},
                              Unit{"/ms", 1'000'000}};
constexpr std::array kMultiples{Unit{"k", 1'000}, Unit{"M", 1'000'000}, Unit{"G", 1'000'000'000}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) {
    ++length;
  }
  const auto digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

/** An unsigned decimal without exponent: whole + fraction / scale. */
struct Decimal {
  std::uint64_t whole = 0;
  std::uint64_t fraction = 0;
  std::uint64_t scale = 1;

  double value() const {
    return static_cast<double>(whole) + static_cast<double>(fraction) / static_cast<double>(scale);
  }
  /** The exact product, or nullopt if it is no integer or too large. */
  std::optional<std::uint64_t> times(std::uint64_t unit) const;
};

std::optional<std::uint64_t> Decimal::times(std::uint64_t unit) const {
  const Wide part = static_cast<Wide>(fraction) * unit;
  const Wide total = static_cast<Wide>(whole) * unit + part / scale;
  if (part % scale != 0 || total > kMaxSigned) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(total);
}

template <class Number>
bool read_number(std::string_view digits, Number& number) {
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return result.ec == std::errc{} && result.ptr == digits.data() + digits.size();
}

bool has_leading_zero(std::string_view digits) { return digits.size() > 1 && digits.front() == '0'; }

/** Takes a decimal off the front of @text. */
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal decimal;
  const auto whole = take_digits(text);
  if (whole.empty() || has_leading_zero(whole) || !read_number(whole, decimal.whole)) {
    return std::nullopt;
  }
  if (text.empty() || text.front() != '.') {
    return decimal;
  }
  text.remove_prefix(1);
  const auto fraction = take_digits(text);
  if (fraction.empty() || fraction.size() > 18 || !read_number(fraction, decimal.fraction)) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < fraction.size(); ++i) {
    decimal.scale *= 10;
  }
  return decimal;
}

std::string_view take_letters(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && std::isalpha(static_cast<unsigned char>(text[length])) != 0) {
    ++length;
  }
  const auto letters = text.substr(0, length);
  text.remove_prefix(length);
  return letters;
}

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view suffix) {
  for (const Unit& unit : units) {
    if (unit.suffix == suffix) {
      return &unit;
    }
  }
  return nullptr;
}

/** Takes one part such as "30m" off the front of @text; its unit must be smaller than @below, which becomes it. */
std::optional<std::uint64_t> take_time_part(std::string_view& text, std::uint64_t& below) {
  const auto number = take_decimal(text);
  const Unit* unit = number ? find_unit(kTimeUnits, take_letters(text)) : nullptr;
  if (unit == nullptr || unit->scale >= below) {
    return std::nullopt;
  }
  below = unit->scale;
  return number->times(unit->scale);
}

std::string strip_zeros(std::string digits) {
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
  }
  return digits;
}

/** @value in @unit with as many decimals as it takes. */
std::string format_decimal(std::uint64_t value, const Unit& unit) {
  std::string text = std::to_string(value / unit.scale);
  if (value % unit.scale != 0) {
    const std::string padded = std::to_string(unit.scale + value % unit.scale);
    text += "." + strip_zeros(padded.substr(1));
  }
  return text.append(unit.suffix);
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto number = take_decimal(text);
  if (!number) {
    return std::nullopt;
  }
  const Unit* unit = text.empty() ? &kSizeUnits.back() : find_unit(kSizeUnits, text);
  return unit == nullptr ? std::nullopt : number->times(unit->scale);
}

std::optional<Ns> parse_time(std::string_view text) {
  if (text == "0") {
    return Ns{0};
  }
  if (text.empty()) {
    return std::nullopt;
  }
  std::uint64_t total = 0;
  std::uint64_t below = kMaxSigned;
  while (!text.empty()) {
    const auto part = take_time_part(text, below);
    if (!part || *part > kMaxSigned - total) {
      return std::nullopt;
    }
    total += *part;
  }
  return Ns{static_cast<std::int64_t>(total)};
}

std::optional<double> parse_rate(std::string_view text) {
  if (text == "0") {
    return 0.0;
  }
  const auto number = take_decimal(text);
  if (!number) {
    return std::nullopt;
  }
  double multiple = 1;
  if (const Unit* found = text.empty() ? nullptr : find_unit(kMultiples, text.substr(0, 1))) {
    multiple = static_cast<double>(found->scale);
    text.remove_prefix(1);
  }
  const Unit* period = find_unit(kPeriods, text);
  if (period == nullptr) {
    return std::nullopt;
  }
  return number->value() * multiple * 1e9 / static_cast<double>(period->scale);
}

std::optional<double> parse_share(std::string_view text) {
  const auto number = take_decimal(text);
  if (!number || (!text.empty() && text != "%")) {
    return std::nullopt;
  }
  return text.empty() ? number->value() : number->value() / 100;
}

std::optional<double> parse_real(std::string_view text) {
  std::string_view rest = text;
  if (!rest.empty() && rest.front() == '-') {
    rest.remove_prefix(1);
  }
  const bool starts_well = !rest.empty() && is_digit(rest.front());
  const auto whole = take_digits(rest);
  double value = 0;
  if (!starts_well || has_leading_zero(whole) || !read_number(text, value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  const auto digits = text.substr(negative ? 1 : 0);
  std::int64_t value = 0;
  if (digits.empty() || !is_digit(digits.front()) || has_leading_zero(digits) || !read_number(text, value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<bool> parse_flag(std::string_view text) {
  if (text == "true" || text == "on" || text == "yes" || text == "1") {
    return true;
  }
  if (text == "false" || text == "off" || text == "no" || text == "0") {
    return false;
  }
  return std::nullopt;
}

std::string format_size(std::uint64_t bytes) {
  for (const Unit& unit : kSizeUnits) {
    if (unit.scale > 1 && bytes != 0 && bytes % unit.scale == 0) {
      return std::to_string(bytes / unit.scale).append(unit.suffix);
    }
  }
  return std::to_string(bytes);
}

std::string format_time(Ns time) {
  if (time.count() == 0) {
    return "0s";
  }
  if (time.count() < 0) {
    return "-" + format_time(-time);
  }
  std::string text;
  auto rest = static_cast<std::uint64_t>(time.count());
  for (const Unit& unit : kTimeUnits) {
    const bool clock_like = unit.suffix == "h" || unit.suffix == "m";
    if (rest == 0 || rest < unit.scale || unit.suffix == "d") {
      continue;
    }
    if (!clock_like) {
      return text + format_decimal(rest, unit);
    }
    text += std::to_string(rest / unit.scale).append(unit.suffix);
    rest %= unit.scale;
  }
  return text;
}

}  // namespace gbsim
