// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/param_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/base/suggestion.h"

namespace gbsim {
namespace {

using Kind = YamlValue::Kind;

void read_list(const YamlEntry& entry, const ParamSpec& spec, Params& params, const ErrorSink& errors) {
  if (!expect_list(entry.value, entry.key, errors)) {
    return;
  }
  std::vector<Params> elements;
  for (const YamlValue& item : entry.value.items) {
    elements.emplace_back(spec.items);
    if (expect_map(item, fmt::format("an element of {}", entry.key), errors)) {
      read_params(item, elements.back(), errors);
    }
  }
  params.set_list(entry.key, std::move(elements));
}

void read_scalar(const YamlEntry& entry, Params& params, const ErrorSink& errors) {
  if (entry.value.kind == Kind::refused) {
    return;
  }
  if (entry.value.kind != Kind::scalar) {
    errors.add(entry.value.at, fmt::format("{}: a single value is needed, not {}", entry.key,
                                           kind_name(entry.value.kind)));
    return;
  }
  if (auto error = params.set(entry.key, entry.value.text)) {
    errors.add(entry.value.at, std::move(*error));
  }
}

std::string unknown_entry(const YamlEntry& entry, std::span<const ParamSpec> schema,
                          std::span<const std::string_view> others) {
  const auto is_below = [&](const ParamSpec& spec) { return spec.name.starts_with(entry.key + "."); };
  const auto below = std::ranges::find_if(schema, is_below);
  if (below != schema.end() && entry.value.is_map()) {
    return fmt::format("unknown key '{}'; names are written in full, such as '{}'", entry.key, below->name);
  }
  return unknown_key(entry.key, schema, others);
}

bool expect_kind(const YamlValue& value, Kind kind, std::string_view what, const ErrorSink& errors) {
  if (value.kind != kind && value.kind != Kind::refused) {
    errors.add(value.at, fmt::format("{}: {} is needed, not {}", what, kind_name(kind), kind_name(value.kind)));
  }
  return value.kind == kind;
}

}  // namespace

void read_params(const YamlValue& map, Params& params, const ErrorSink& errors,
                 std::span<const std::string_view> elsewhere) {
  for (const YamlEntry& entry : map.entries) {
    if (std::ranges::find(elsewhere, entry.key) != elsewhere.end()) {
      continue;
    }
    const ParamSpec* spec = params.find(entry.key);
    if (spec == nullptr) {
      errors.add(entry.at, unknown_entry(entry, params.schema(), elsewhere));
    } else if (spec->type == ParamType::list) {
      read_list(entry, *spec, params, errors);
    } else {
      read_scalar(entry, params, errors);
    }
  }
}

std::string unknown_key(std::string_view key, std::span<const ParamSpec> schema,
                        std::span<const std::string_view> others) {
  std::vector<std::string_view> known(others.begin(), others.end());
  for (const ParamSpec& spec : schema) {
    known.push_back(spec.name);
  }
  return unknown_name("key", key, known);
}

std::string unknown_name(std::string_view what, std::string_view name, std::span<const std::string_view> known) {
  return fmt::format("unknown {} '{}'{}", what, name, suggestion(name, known));
}

bool expect_map(const YamlValue& value, std::string_view what, const ErrorSink& errors) {
  return expect_kind(value, Kind::map, what, errors);
}

bool expect_list(const YamlValue& value, std::string_view what, const ErrorSink& errors) {
  return expect_kind(value, Kind::sequence, what, errors);
}

}  // namespace gbsim
