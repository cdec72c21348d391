// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/mm/memory.h"

namespace gbsim {

/** Recounts free lists, per-CPU lists, pageblocks and counters from the page map; throws InvariantViolation. */
void check_zone(const Zone& zone, const FolioTable& folios);
/** check_zone for all, then folios, owners and LRU lists against the page map. */
void check_memory(const Memory& memory);

/**
 * One character a page, a space between pageblocks: '.' free, 'p' per-CPU, 'U' 'M' 'R' allocated by type,
 * '#' reserved or hole. For toy zones.
 */
std::string draw(const Zone& zone, const FolioTable& folios);

}  // namespace gbsim
