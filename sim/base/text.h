// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace gbsim {

/** All of @text as a number of digits in @radix, perhaps after a minus; nothing if it is none, or none of that type. */
template <std::integral Number>
std::optional<Number> whole_number(std::string_view text, int radix = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

/** Parts of @text between separators; empty ones are kept. */
std::vector<std::string_view> split_fields(std::string_view text, char separator);

/** @text with the capitals of ASCII made small. */
std::string lower_case(std::string_view text);

}  // namespace gbsim
