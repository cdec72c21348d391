// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>

#include "sim/metrics/sample.h"

namespace gbsim {

/** The text of /proc/buddyinfo. */
std::string buddyinfo(std::span<const ZoneSample> zones);

/**
 * The text of /proc/pagetypeinfo. As in the kernel, counts above 100000 print as ">100000", and CMA has a row only
 * where there is CMA.
 */
std::string pagetypeinfo(std::span<const ZoneSample> zones);

}  // namespace gbsim
