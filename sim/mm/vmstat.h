// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
// SKETCH: the mm owner completes the list with /proc/vmstat's names in its order.

#include <array>
#include <cstdint>
#include <string_view>

namespace gbsim {

/** Cumulative event counters under the kernel's /proc/vmstat names. */
enum class VmEvent : std::uint16_t;

}  // namespace gbsim
