// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "sim/cli/options.h"
#include "sim/recording/recording.h"

namespace gbsim::cli {

/** Adds what each command on a recording takes: --snapshot, --kernel, --no-aux, --seed; @seed_of says what it seeds. */
void add_recording_options(OptionParser& options, const char* seed_of);

/** The recording that the operand names, and what those options were set to. Throws UsageError. */
RecordingRequest recording_request(const OptionParser& options);

/** What people call @trace: its file's name without ends, or its directory's where many files are called the same. */
std::string recording_name(const std::filesystem::path& trace);

}  // namespace gbsim::cli
