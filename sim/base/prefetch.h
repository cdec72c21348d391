// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace gbsim {

/** Asks for the cache line at @line. The empty asm keeps GCC from dropping calls of functions that only prefetch. */
inline void prefetch_line(const void* line) {
  __builtin_prefetch(line, 1);
  asm volatile("");
}

}  // namespace gbsim
