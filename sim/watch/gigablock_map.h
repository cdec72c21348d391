// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/metrics/sample.h"
#include "sim/watch/screen_line.h"

namespace gbsim {

/**
 * A letter a gigablock in order of address, each node on rows of its own, under a legend: '.' empty, 'o' clean,
 * '#' tainted, '~' with holes or boot-time memory. Where @room has too few rows, several share a cell, which shows the
 * worst of them; one row a node is the least.
 */
std::vector<ScreenLine> gigablock_map(std::span<const GigablockSample> gigablocks, const ScreenSize& room);

}  // namespace gbsim
