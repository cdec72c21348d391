// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/mm/zone.h"
#include "sim/replay/recorded_pcps.h"

namespace gbsim {

/**
 * Makes free lists, pageblock types and per-CPU lists of @ours equal to those of the recording, every list in order:
 * @theirs follows the free lists, @pcps the per-CPU lists. Pages that are on a list no more have the labels of
 * @theirs. Sizes of per-CPU lists, watermarks and what else a kernel remembers stay ours. Requires: zones of one shape.
 */
void align_zone(Zone& ours, const Zone& theirs, const RecordedPcps& pcps);

}  // namespace gbsim
