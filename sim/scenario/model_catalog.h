// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sim/base/params.h"

namespace gbsim {

/** The workload models that YAML may name; the command line implements it, tests fake it. */
class ModelCatalog {
 public:
  virtual ~ModelCatalog() = default;
  virtual std::vector<std::string_view> names() const = 0;
  /** The model's keys, which outlive the catalog; nullopt if there is no such model. */
  virtual std::optional<std::span<const ParamSpec>> params_of(std::string_view model) const = 0;
};

}  // namespace gbsim
