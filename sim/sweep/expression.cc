// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/expression.h"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>
#include <cmath>

namespace gbsim {
namespace {

constexpr const char* kNameChars = "0123456789_.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

mu::Parser parser_of(const std::string& text) {
  mu::Parser parser;
  parser.DefineNameChars(kNameChars);
  parser.SetExpr(text);
  return parser;
}

std::string complaint(const std::string& text, const mu::Parser::exception_type& error) {
  return fmt::format("'{}' is no formula: {}", text, error.GetMsg());
}

std::vector<std::string> used_names(const std::string& text) {
  std::vector<std::string> names;
  const mu::Parser parser = parser_of(text);
  for (const auto& [name, value] : parser.GetUsedVar()) {
    names.push_back(name);
  }
  return names;
}

/** Whether a lone '=', which muParser takes as an assignment, stands in @text. */
bool assigns(std::string_view text) {
  constexpr std::string_view kComparing = "=!<>";
  for (std::size_t i = text.find('='); i != std::string_view::npos; i = text.find('=', i + 1)) {
    const bool ends_operator = i > 0 && kComparing.find(text[i - 1]) != std::string_view::npos;
    if (!ends_operator && (i + 1 == text.size() || text[i + 1] != '=')) {
      return true;
    }
  }
  return false;
}

/** Parses with a number behind every name, which finds what a scan for names lets pass. */
void try_out(const std::string& text, const std::vector<std::string>& names) {
  double one = 1;
  mu::Parser parser = parser_of(text);
  for (const std::string& name : names) {
    parser.DefineVar(name, &one);
  }
  int results = 0;
  parser.Eval(results);
  if (results != 1) {
    throw ExpressionError{fmt::format("'{}' is {} formulas; one is needed", text, results)};
  }
}

}  // namespace

Expression::Expression(std::string text) : text_(std::move(text)) {
  if (assigns(text_)) {
    throw ExpressionError{fmt::format("'{}' is no formula: '=' assigns; '==' compares", text_)};
  }
  try {
    names_ = used_names(text_);
    try_out(text_, names_);
  } catch (const mu::Parser::exception_type& error) {
    throw ExpressionError{complaint(text_, error)};
  }
}

std::optional<double> Expression::evaluate(const NameLookup& lookup) const {
  std::vector<double> values(names_.size());
  mu::Parser parser = parser_of(text_);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto value = lookup(names_[i]);
    if (!value) {
      return std::nullopt;
    }
    values[i] = *value;
    parser.DefineVar(names_[i], &values[i]);
  }
  const double result = parser.Eval();
  return std::isfinite(result) ? std::optional(result) : std::nullopt;
}

std::string expression_name(std::string_view name) {
  std::string result(name);
  std::ranges::replace(result, '-', '_');
  return result;
}

}  // namespace gbsim
