// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/types.h"

namespace gbsim {

/**
 * One buddy free list in exact kernel order: a growable ring of block indices (pfn minus zone start) with tombstones.
 * add returns the entry's position, which the page map keeps so that remove is O(1). Positions move only in
 * compact(), which reports each new position through its callback.
 */
class FreeList;  // mm: to be completed

}  // namespace gbsim
