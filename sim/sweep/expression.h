// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gbsim {

/** The value of a name, or nullopt if there is none. */
using NameLookup = std::function<std::optional<double>(std::string_view)>;

/** Why a text is no formula. */
struct ExpressionError {
  std::string message;
};

/**
 * A formula over named numbers in muParser's language: + - * / ^, comparisons and && || ?: (truth is 1), min, max,
 * abs, sqrt, exp, ln, log2, log10, rint. Names are dotted paths; a '-' in a name is spelt '_'.
 */
class Expression {
 public:
  /** Throws ExpressionError. */
  explicit Expression(std::string text);

  const std::string& text() const { return text_; }
  /** Every name that the formula reads, sorted. */
  const std::vector<std::string>& names() const { return names_; }
  /** nullopt if a name has no value or the result is not finite. */
  std::optional<double> evaluate(const NameLookup& lookup) const;

 private:
  std::string text_;
  std::vector<std::string> names_;
};

/** @name as a formula has to write it: '-' becomes '_'. */
std::string expression_name(std::string_view name);

}  // namespace gbsim
