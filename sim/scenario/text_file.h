// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/scenario/diagnostic.h"

namespace gbsim {

/** The bytes of a regular file; reports why not. Reads no more than a scenario may have. */
std::optional<std::string> read_text_file(const std::filesystem::path& path, const ErrorSink& errors);

}  // namespace gbsim
