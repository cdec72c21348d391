// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/stage.h"

#include <doctest/doctest.h>

#include "engine_fixture.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("a stage's clock is that of its actors, and memory reads it") {
  SmallStage small(1);
  const Stage copy = small.stage;
  Ns seen{0};
  small.actors.spawn("reader", 0, [&] {
    copy.clock().sleep_until(7ms);
    seen = small.memory.clock().now;
    copy.clock().stop();
  });
  small.actors.run();
  CHECK(seen == 7ms);
  CHECK(&copy.clock() == &small.actors.clock());
}
