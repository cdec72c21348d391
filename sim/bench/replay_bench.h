// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "sim/bench/bench.h"
#include "sim/replay/replay_mode.h"

namespace gbsim {

/**
 * Reading @trace to its end: replay/FILE, an operation is one event. Wall time, the fastest of five passes.
 * Throws BadRecording.
 */
BenchRow measure_reading(const std::filesystem::path& trace);

/**
 * Replaying @trace in @mode, survey, model and scores included: replay/FILE/MODE, an operation is one event. Wall time,
 * the fastest of three passes. nullopt: the recording lacks what the mode needs, such as a snapshot beside it.
 */
std::optional<BenchRow> measure_mode(const std::filesystem::path& trace, const ReplayMode& mode);

/** Writes a PGT1 recording of @blocks times 262144 allocs and frees to @file, from a fixed random stream. */
void write_synthetic_pgt(const std::filesystem::path& file, unsigned blocks);

}  // namespace gbsim
