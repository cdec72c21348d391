// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/signal_watch.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a signal is noted while somebody watches, and does not cut the wait before it") {
  const SignalWatch watch;
  CHECK(watch.noted() == 0);
  watch.sleep(std::chrono::milliseconds(1));
  std::raise(SIGTERM);
  CHECK(watch.noted() == SIGTERM);
  watch.sleep(std::chrono::hours(1));  // returns at once
}

TEST_CASE("a new watch forgets what the last one noted") {
  {
    const SignalWatch watch;
    std::raise(SIGINT);
  }
  CHECK(SignalWatch().noted() == 0);
}
