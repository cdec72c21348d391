// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/types.h"

namespace gbsim {

/**
 * Pending events of type @T in order of due time, ties in order of insertion; O(1) each (Varghese and Lauck, 1987).
 * T is small and trivially copyable. Granularity is one tick; events due in the past fire at the next advance.
 */
template <class T>
class TimingWheel;  // base owner: schedule(Ns due, T), advance(Ns until, auto&& fire(Ns due, T)), size(), next_due()

}  // namespace gbsim
