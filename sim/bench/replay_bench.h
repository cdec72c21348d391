// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>

#include "sim/bench/bench.h"

namespace gbsim {

/**
 * Reading @trace to its end: replay/FILE, an operation is one event. CPU time, the fastest of five passes.
 * Throws BadRecording.
 */
BenchRow measure_reading(const std::filesystem::path& trace);

/** Writes a PGT1 recording of @blocks times 262144 allocs and frees to @file, from a fixed random stream. */
void write_synthetic_pgt(const std::filesystem::path& file, unsigned blocks);

}  // namespace gbsim
