// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace gbsim {

/**
 * What the runs in @dirs were not alike in though a comparison is of runs that are: scenario, recording, machine,
 * length, workloads and timeline, in one line; nullopt if nothing. Placement, per-CPU lists, seed, tunables and costs
 * are what people compare. Directories without a readable scenario.yaml are left out.
 */
std::optional<std::string> run_differences(std::span<const std::filesystem::path> dirs);

}  // namespace gbsim
