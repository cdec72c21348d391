// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/types.h"

namespace gbsim {

/** Exact decimal seconds without trailing zeros: "10", "0.25", "7200.000000001". */
std::string format_seconds(Ns time);
/** A ratio or index with six decimals. */
std::string format_ratio(double value);
/** @text as one CSV field: quoted if it has a comma, quote or line break. */
std::string csv_field(std::string_view text);

/**
 * One CSV line built from named columns. The same calls build the header, so that names and values cannot drift
 * apart.
 */
class CsvLine {
 public:
  enum class Mode : std::uint8_t { header, values };

  explicit CsvLine(Mode mode) : mode_(mode) {}

  void add(std::string_view name, std::uint64_t value);

  void add(std::string_view name, NrPages value) { add(name, value.value); }

  void add_ratio(std::string_view name, double value);
  void add_seconds(std::string_view name, Ns value);
  void add_text(std::string_view name, std::string_view value);
  /** The line with its newline. */
  std::string finish() &&;

 private:
  void separate();

  Mode mode_;
  bool first_ = true;
  std::string line_;
};

}  // namespace gbsim
