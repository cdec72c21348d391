// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sim/bench/bench.h"
#include "sim/bench/path_world.h"

namespace gbsim {

/** Says by its name whether a row is to be measured. */
using PathRowFilter = std::function<bool(const std::string&)>;

/** linux, walk and bitmap; with -pcpbuddy and -none for the other kinds of per-CPU lists. */
std::span<const PathVariant> path_variants();

/** path/VARIANT/GIGABLOCKS/STATE/orderN */
std::string path_name(const PathVariant& variant, std::uint64_t memory_bytes, PathState state, std::size_t order);

/**
 * The whole way of an allocation and of a free: alloc_pages() to the lists and back, for the rows that @wanted names.
 * Variants take turns within each round. ns: median over rounds; ratio: median of the ratios to linux, with its own
 * per-CPU lists, in the same round. One operation is an allocation or a free.
 */
std::vector<BenchRow> measure_path(std::uint64_t memory_bytes, PathState state, const PathRowFilter& wanted);

}  // namespace gbsim
