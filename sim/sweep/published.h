// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gbsim {

/** What somebody published of a quantity: a number if both ends are equal, else a range that may be open at one end. */
struct Published {
  std::optional<double> low{};
  std::optional<double> high{};

  bool is_number() const { return low && low == high; }
  bool covers(double value) const { return (!low || value >= *low) && (!high || value <= *high); }
  /**
   * @value over the published number, or over the end of the range that it lies beyond; 1 within the range. nullopt if
   * that number is 0 and @value is not.
   */
  std::optional<double> ratio(double value) const;
};

/** Reads "16", "1..4", "..19" or "87000.."; nullopt if @text is none of these or its range is empty. */
std::optional<Published> parse_published(std::string_view text);

/** "16", "1 to 4", "at most 19", "at least 87000". */
std::string to_string(const Published& published);

}  // namespace gbsim
