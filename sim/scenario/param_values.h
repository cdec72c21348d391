// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sim/base/params.h"
#include "sim/scenario/yaml_tree.h"

namespace gbsim {

/** Sets the keys of @map in @params and reports what does not fit. Keys in @elsewhere are read by someone else. */
void read_params(const YamlValue& map, Params& params, const ErrorSink& errors,
                 std::span<const std::string_view> elsewhere = {});

/** "unknown key 'X'; did you mean 'Y'?" with a suggestion() out of the schema's keys and @others. */
std::string unknown_key(std::string_view key, std::span<const ParamSpec> schema,
                        std::span<const std::string_view> others = {});

/** "unknown WHAT 'X'; did you mean 'Y'?" with a suggestion() out of @known. */
std::string unknown_name(std::string_view what, std::string_view name, std::span<const std::string_view> known);

/** Reports and returns false unless @value is a map; @what names it in the message. */
bool expect_map(const YamlValue& value, std::string_view what, const ErrorSink& errors);
bool expect_list(const YamlValue& value, std::string_view what, const ErrorSink& errors);

}  // namespace gbsim
