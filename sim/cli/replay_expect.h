// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/sweep/bounds.h"

namespace gbsim::cli {

/** Bounds on numbers of replay.json, such as exact.share, as read_bounds() reads them; `of` may be @recording. */
std::vector<Bound> read_replay_bounds(const std::filesystem::path& file, const std::string& recording,
                                      Diagnostics& errors);

/** Prints a line for each bound on @recording's @replay_json; true if all hold. */
bool print_verdicts(const std::vector<Bound>& bounds, const std::string& recording, std::string_view replay_json);

}  // namespace gbsim::cli
