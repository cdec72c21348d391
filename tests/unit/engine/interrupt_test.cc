// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/interrupt.h"

#include <doctest/doctest.h>

#include <csignal>

using namespace gbsim;

TEST_CASE("the first signal is remembered, and the next watch begins without one") {
  {
    const Interrupt interrupt;
    CHECK(Interrupt::seen() == 0);
    std::raise(SIGTERM);
    std::raise(SIGINT);
    CHECK(Interrupt::seen() == SIGTERM);
  }
  const Interrupt again;
  CHECK(Interrupt::seen() == 0);
}
