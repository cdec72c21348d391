// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/law.h"
#include "sim/base/types.h"

namespace gbsim {

/** What a parameter's text means; sim/base/units.h has the spelling of each. */
enum class ParamType : std::uint8_t { integer, real, size, time, rate, share, flag, choice, text, law, list };

/** One documented key: a model parameter, a tunable. Defaults are text, so that they print as users write them. */
struct ParamSpec {
  std::string_view name;
  ParamType type = ParamType::real;
  std::string_view default_text;
  std::string_view meaning;
  std::string_view source = {};                 // of the default
  double min = 0;                               // inclusive, in base units (bytes, ns, 1/s, fraction)
  double max = 1e18;
  std::string_view choices = {};                // "a|b|c" for ParamType::choice
  std::span<const ParamSpec> items = {};        // keys of each element for ParamType::list
};

/** Values for one schema: every key has one, from its default or from set(). */
class Params {
 public:
  Params() = default;
  explicit Params(std::span<const ParamSpec> schema);

  std::span<const ParamSpec> schema() const { return schema_; }
  const ParamSpec* find(std::string_view name) const;
  /** Parses and range-checks; returns what is wrong and what is allowed, or nullopt on success. */
  std::optional<std::string> set(std::string_view name, std::string_view text);
  /** Replaces the elements of a list parameter. */
  void set_list(std::string_view name, std::vector<Params> elements);

  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;             // real, rate (1/s) and share (fraction)
  std::uint64_t bytes(std::string_view name) const;
  Ns time(std::string_view name) const;
  bool flag(std::string_view name) const;
  const std::string& text(std::string_view name) const; // choice and text, and the spelling of any other
  const Law& law(std::string_view name) const;
  const std::vector<Params>& list(std::string_view name) const;
  /** Whether the value is spelt as its default; a list is until it is set. */
  bool is_default(std::string_view name) const;

 private:
  struct Value {
    std::string text;
    double number = 0;
    std::int64_t whole = 0;
    Law law{};
    std::vector<Params> elements{};
    bool is_default = true;
  };

  const Value& value(std::string_view name) const;

  std::span<const ParamSpec> schema_;
  std::map<std::string, Value, std::less<>> values_;
};

/** The known name that @name is part of, else the nearest, the first of equals; empty only if none is known. */
std::string_view closest_name(std::string_view name, std::span<const std::string_view> known);
/** The same, but empty if none is near. */
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known);

}  // namespace gbsim
