// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "sim/recording/event_reader.h"

namespace gbsim {

/**
 * Events of @trace, checked for order and repetition. The format is told from the content: PGT1, trace.dat, or text of
 * trace-cmd report, perf script or tracefs, each perhaps compressed, or
 * a .gbtrace with one of them. Throws BadRecording.
 */
std::unique_ptr<EventReader> open_trace(const std::filesystem::path& trace);

}  // namespace gbsim
