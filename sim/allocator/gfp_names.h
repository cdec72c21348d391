// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/allocator/gfp.h"

namespace gbsim {

/** @gfp as the kernel's tracepoints print it, such as "GFP_KERNEL|__GFP_NOWARN" (include/trace/events/mmflags.h). */
std::string gfp_text(Gfp gfp);

}  // namespace gbsim
