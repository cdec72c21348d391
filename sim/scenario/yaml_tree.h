// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/diagnostic.h"

namespace gbsim {

struct YamlEntry;

/** A YAML value with the place it stands at. */
struct YamlValue {
  /** refused: reported already and to be passed over, such as an alias. */
  enum class Kind { null, scalar, sequence, map, refused };
  Kind kind = Kind::null;
  Mark at{};
  std::string text{};              // scalar
  std::vector<YamlValue> items{};  // sequence
  std::vector<YamlEntry> entries;  // map, in file order, keys unique

  bool is_map() const { return kind == Kind::map; }
  bool is_scalar() const { return kind == Kind::scalar; }
  /** The value under @key of a map, or nullptr. */
  const YamlValue* find(std::string_view key) const;
};

/** One key of a map. */
struct YamlEntry {
  std::string key;
  Mark at{};
  YamlValue value;
};

/** "nothing", "text", "a list", "a map", "unusable". */
std::string_view kind_name(YamlValue::Kind kind);

/**
 * The one document in @text. A strict subset of YAML: no anchors, aliases, tags, merge keys or duplicate keys, at most
 * 32 levels and 1 MiB. What breaks a rule is reported; nullopt if nothing can be read.
 */
std::optional<YamlValue> parse_yaml(std::string_view text, const ErrorSink& errors);

}  // namespace gbsim
