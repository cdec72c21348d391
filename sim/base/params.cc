// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/params.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/base/check.h"
#include "sim/base/param_bounds.h"
#include "sim/base/units.h"

namespace gbsim {
namespace {

/** What each type of parameter accepts, as error messages say it. */
std::string_view allowed_spelling(ParamType type) {
  switch (type) {
    case ParamType::integer:
      return "a whole number";
    case ParamType::real:
      return "a number";
    case ParamType::size:
      return "a size such as 4KiB or 2GiB";
    case ParamType::time:
      return "a time such as 10us or 2h30m";
    case ParamType::rate:
      return "a rate such as 20k/s or 300/min";
    case ParamType::share:
      return "a share such as 85% or 0.85";
    case ParamType::flag:
      return "true or false";
    case ParamType::law:
      return "a law such as \"fixed 10ms\", \"uniform 1s 5s\", \"exponential 200ms\", \"lognormal 1.1s p90 3.7s\", "
             "\"pareto 1ms 1.3\", \"quantiles 1ms 20ms 3s\" or \"forever\"";
    case ParamType::list:
      return "a list";
    case ParamType::choice:
    case ParamType::text:
      break;
  }
  return "text";
}

constexpr double kUnbounded = 1e18;

std::string out_of_range(const ParamSpec& spec, std::string_view text, bool too_large) {
  const std::string allowed = spec.max != kUnbounded
                                  ? fmt::format("{} to {}", bound_text(spec.type, spec.min),
                                                bound_text(spec.type, spec.max))
                              : too_large ? fmt::format("at most {}", bound_text(spec.type, spec.max))
                                          : fmt::format("at least {}", bound_text(spec.type, spec.min));
  return fmt::format("{}: {} is out of range; {} is allowed", spec.name, text, allowed);
}

std::optional<std::string> check_range(const ParamSpec& spec, std::string_view text, double number) {
  if (number >= spec.min && number <= spec.max) {
    return std::nullopt;
  }
  return out_of_range(spec, text, number > spec.max);
}

bool has_choice(std::string_view choices, std::string_view text) {
  while (!choices.empty()) {
    const auto end = std::min(choices.find('|'), choices.size());
    if (choices.substr(0, end) == text) {
      return true;
    }
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  return false;
}

std::string comma_separated(std::string_view choices) {
  std::string text;
  for (const char c : choices) {
    text += c == '|' ? std::string(", ") : std::string(1, c);
  }
  return text;
}

template <class T>
bool store(const std::optional<T>& parsed, double& number) {
  number = parsed ? static_cast<double>(*parsed) : 0;
  return parsed.has_value();
}

/** Parses by type into the value it belongs to. */
struct ParamReader {
  std::string_view text;
  double number = 0;
  std::int64_t whole = 0;
  Law law{};

  bool read_whole(const std::optional<std::int64_t>& parsed) {
    whole = parsed.value_or(0);
    number = static_cast<double>(whole);
    return parsed.has_value();
  }
  bool read_law() {
    const auto parsed = parse_law(text);
    law = parsed.value_or(Law{});
    return parsed.has_value();
  }
  bool read_size() {
    const auto bytes = parse_size(text);
    return read_whole(bytes ? std::optional{static_cast<std::int64_t>(*bytes)} : std::nullopt);
  }
  bool read_time() {
    const auto time = parse_time(text);
    return read_whole(time ? std::optional{time->count()} : std::nullopt);
  }
  bool read_flag() {
    const auto flag = parse_flag(text);
    return read_whole(flag ? std::optional<std::int64_t>{*flag ? 1 : 0} : std::nullopt);
  }
  bool read(const ParamSpec& spec);
};

bool ParamReader::read(const ParamSpec& spec) {
  switch (spec.type) {
    case ParamType::integer:
      return read_whole(parse_integer(text));
    case ParamType::real:
      return store(parse_real(text), number);
    case ParamType::size:
      return read_size();
    case ParamType::time:
      return read_time();
    case ParamType::rate:
      return store(parse_rate(text), number);
    case ParamType::share:
      return store(parse_share(text), number);
    case ParamType::flag:
      return read_flag();
    case ParamType::choice:
      return has_choice(spec.choices, text);
    case ParamType::law:
      return read_law();
    case ParamType::text:
      return true;
    case ParamType::list:
      return false;
  }
  return false;
}

bool has_range(ParamType type) {
  return type == ParamType::integer || type == ParamType::real || type == ParamType::size || type == ParamType::time ||
         type == ParamType::rate || type == ParamType::share;
}

/** @text with every number of several digits made 1: as it is spelt, whatever its size. */
std::string in_small_numbers(std::string_view text) {
  std::string small;
  bool in_number = false;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit || !in_number || small.back() == '0') {
      small += is_digit && c != '0' ? '1' : c;
    }
    in_number = is_digit;
  }
  return small;
}

/** @text is spelt as @spec wants it, but is more than can be held. */
bool is_beyond_all_bounds(const ParamSpec& spec, std::string_view text) {
  const std::string small = in_small_numbers(text);
  return has_range(spec.type) && small != text && ParamReader{.text = small}.read(spec);
}

std::string refusal(const ParamSpec& spec, std::string_view text) {
  if (is_beyond_all_bounds(spec, text)) {
    return out_of_range(spec, text, !text.starts_with('-'));
  }
  if (spec.type == ParamType::choice) {
    return fmt::format("{}: '{}' is not one of {}", spec.name, text, comma_separated(spec.choices));
  }
  return fmt::format("{}: '{}' is not {}", spec.name, text, allowed_spelling(spec.type));
}

}  // namespace

Params::Params(std::span<const ParamSpec> schema) : schema_(schema) {
  for (const ParamSpec& spec : schema) {
    if (spec.type == ParamType::list) {
      values_.emplace(spec.name, Value{});
      continue;
    }
    if (const auto error = set(spec.name, spec.default_text)) {
      throw InvariantViolation("bad default: " + *error);
    }
  }
}

const ParamSpec* Params::find(std::string_view name) const {
  const auto found = std::ranges::find(schema_, name, &ParamSpec::name);
  return found == schema_.end() ? nullptr : &*found;
}

std::optional<std::string> Params::set(std::string_view name, std::string_view text) {
  const ParamSpec* spec = find(name);
  if (spec == nullptr) {
    return fmt::format("unknown key '{}'", name);
  }
  ParamReader reader{.text = text};
  if (!reader.read(*spec)) {
    return refusal(*spec, text);
  }
  if (const auto error = has_range(spec->type) ? check_range(*spec, text, reader.number) : std::nullopt) {
    return error;
  }
  Value& value = values_[std::string(name)];
  value = Value{};
  value.text = text;
  value.number = reader.number;
  value.whole = reader.whole;
  value.law = reader.law;
  value.is_default = text == spec->default_text;
  return std::nullopt;
}

void Params::set_list(std::string_view name, std::vector<Params> elements) {
  const ParamSpec* spec = find(name);
  GBSIM_CHECK(spec != nullptr && spec->type == ParamType::list);
  Value& value = values_[std::string(name)];
  value.elements = std::move(elements);
  value.is_default = false;
}

std::int64_t Params::integer(std::string_view name) const { return value(name).whole; }
double Params::real(std::string_view name) const { return value(name).number; }
std::uint64_t Params::bytes(std::string_view name) const { return static_cast<std::uint64_t>(value(name).whole); }
Ns Params::time(std::string_view name) const { return Ns{value(name).whole}; }
bool Params::flag(std::string_view name) const { return value(name).whole != 0; }
const std::string& Params::text(std::string_view name) const { return value(name).text; }
const Law& Params::law(std::string_view name) const { return value(name).law; }
const std::vector<Params>& Params::list(std::string_view name) const { return value(name).elements; }
bool Params::is_default(std::string_view name) const { return value(name).is_default; }

const Params::Value& Params::value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw InvariantViolation(fmt::format("no parameter '{}'", name));
  }
  return found->second;
}

namespace {

/** Letters put in, left out, replaced, or exchanged with their neighbour. */
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool is_exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      row[j] = is_exchanged ? std::min(row[j], before[j - 2] + 1) : row[j];
    }
  }
  return row[b.size()];
}

/** @name is what @candidate begins with, or is its last part: "cpus" of "machine.cpus". */
bool is_part(std::string_view name, std::string_view candidate) {
  return !name.empty() && (candidate.starts_with(name) || candidate.ends_with("." + std::string(name)));
}

/** One letter in three may be wrong, and one of a short name: beyond that a guess says nothing. */
bool is_near(std::string_view name, std::string_view candidate) {
  constexpr std::size_t kLettersAnEdit = 3;
  const std::size_t edits = edit_distance(name, candidate);
  return !candidate.empty() && edits <= std::max({name.size(), candidate.size(), kLettersAnEdit}) / kLettersAnEdit;
}

constexpr std::size_t kLongestName = 100;  // that is looked at as a whole

}  // namespace

std::string_view closest_name(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view head = name.substr(0, kLongestName);
  const auto strangeness = [head](std::string_view candidate) {
    return std::pair{!is_part(head, candidate), edit_distance(head, candidate)};
  };
  const auto closest = std::ranges::min_element(known, std::less{}, strangeness);
  return closest == known.end() ? std::string_view{} : *closest;
}

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known) {
  const std::string_view head = name.substr(0, kLongestName);
  const std::string_view closest = closest_name(name, known);
  return is_part(head, closest) || is_near(head, closest) ? closest : std::string_view{};
}

}  // namespace gbsim
