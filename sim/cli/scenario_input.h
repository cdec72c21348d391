// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/scenario/reader.h"

namespace gbsim::cli {

/** The models that YAML may name: workload_models() as the scenario reader sees them. */
class WorkloadCatalog final : public ModelCatalog {
 public:
  std::vector<std::string_view> names() const override;
  std::optional<std::span<const ParamSpec>> params_of(std::string_view model) const override;
};

/** Where `use: NAME` is looked for: beside the file, then in the data directory of this installation. */
std::vector<std::filesystem::path> workload_dirs(const std::filesystem::path& scenario);

/** Files of published figures in the data directory of this installation, by name; none if it has none. */
std::vector<std::filesystem::path> figure_files();

}  // namespace gbsim::cli
