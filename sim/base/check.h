// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stdexcept>
#include <string>

namespace gbsim {

/** The simulator's own state is inconsistent: a bug in gbsim, never a property of the input. */
class InvariantViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/** Throws InvariantViolation that names @expression, @file and @line. */
[[noreturn]] void fail_check(const char* expression, const char* file, int line);

}  // namespace gbsim

/** Always on, for conditions that are cheap beside the work they guard. */
#define GBSIM_CHECK(expression) \
  (static_cast<bool>(expression) ? void(0) : ::gbsim::fail_check(#expression, __FILE__, __LINE__))

/** Debug and sanitizer builds only: for hot paths. */
#ifdef NDEBUG
#define GBSIM_DCHECK(expression) void(0)
#else
#define GBSIM_DCHECK(expression) GBSIM_CHECK(expression)
#endif
