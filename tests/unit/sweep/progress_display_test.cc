// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/progress_display.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("time left follows from the runs of this start, not from those found finished") {
  CHECK(progress_text({.total = 200, .done = 0, .running = 2, .failed = 0, .known = 0}, 5) ==
        "0/200 runs done, 2 running, 0 failed");
  CHECK(progress_text({.total = 200, .done = 110, .running = 2, .failed = 1, .known = 100}, 20) ==
        "110/200 runs done, 2 running, 1 failed, 3m00s left");
  CHECK(progress_text({.total = 10, .done = 10, .running = 0, .failed = 0, .known = 0}, 20) ==
        "10/10 runs done, 0 running, 0 failed");
}

TEST_CASE("a quiet display says nothing") {
  ProgressDisplay display(true);
  display.show({.total = 1, .done = 1, .running = 0, .failed = 0, .known = 0});
  display.end();
}
