// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "sim/recording/event_reader.h"
#include "sim/recording/input_file.h"

namespace gbsim {

/**
 * Events of @trace, checked for order and repetition. The format is told from the content: PGT1, trace.dat, or text of
 * trace-cmd report, perf script or tracefs, each perhaps compressed. Throws BadRecording.
 */
std::unique_ptr<TraceReader> open_trace(const InputFile& trace);

/** The same of a file, which may also be a .gbtrace with one of these. Throws BadRecording. */
std::unique_ptr<TraceReader> open_trace(const std::filesystem::path& trace);

}  // namespace gbsim
