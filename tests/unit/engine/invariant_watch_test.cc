// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/invariant_watch.h"

#include <doctest/doctest.h>

#include "engine_fixture.h"

using namespace gbsim;
using namespace gbsim::test;

TEST_CASE("memory is recounted once every so many page operations") {
  SmallStage small(1);
  InvariantWatch watch(small.memory, 100);
  watch.look();
  CHECK(watch.recounts() == 0);
  small.memory.vmstat().add(VmEvent::pgfree, 60);
  small.memory.vmstat().add(VmEvent::pgalloc_normal, 60);
  CHECK(page_operations(small.memory) == 120);
  watch.look();
  watch.look();
  CHECK(watch.recounts() == 1);
}

TEST_CASE("a watch without a period never recounts") {
  SmallStage small(1);
  InvariantWatch watch(small.memory, 0);
  small.memory.vmstat().add(VmEvent::pgfree, 1000);
  watch.look();
  CHECK(watch.recounts() == 0);
}
