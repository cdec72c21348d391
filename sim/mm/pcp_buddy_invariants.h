// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/mm/recount.h"

namespace gbsim {

/**
 * Pageblocks owned by CPUs against the page map that @recount walked: every page held is on one list of one CPU, owned
 * pages are on their owner's, whole free pageblocks are nobody's. Throws InvariantViolation. Requires: a PcpBuddy.
 */
void check_pcp_buddy(const Zone& zone, const ZoneRecount& recount);

}  // namespace gbsim
