// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/pilot.h"

#include <doctest/doctest.h>

#include "toy_sweep.h"

using namespace gbsim;

TEST_CASE("an estimate follows from one run, from how many fit in memory, and from how many there are") {
  const PilotRun pilot{3.0, 100 << 20};
  CHECK(estimate_text(pilot, 200, 2, std::uint64_t{8} << 30) ==
        "one run: 3.0 s, 100 MiB; 200 runs, 2 at once: about 5m00s, 200 MiB\n");
  CHECK(estimate_text(pilot, 200, 8, 250 << 20) ==
        "one run: 3.0 s, 100 MiB; 200 runs, 2 at once: about 5m00s, 200 MiB\n");
  CHECK(estimate_text(pilot, 1, 8, 1) == "one run: 3.0 s, 100 MiB; 1 runs, 1 at once: about 3s, 100 MiB\n");
}

TEST_CASE("a run that does not complete gives its reason instead of an estimate") {
  Sweep sweep = test::toy_sweep(test::toy_spec());
  const std::string text = pilot_estimate(sweep, "base", {.gbsim = "/bin/false"});
  CHECK(text == "no estimate: one run did not complete (exit status 1)\n");
}
