// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/kept_targets.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

TraceEvent scan(bool took) {
  TraceEvent event = toy_event(EventKind::scan_source, 0, 0, kM);
  event.flag = took;
  return event;
}

}  // namespace

TEST_CASE("while a CPU moves pages, it frees what they came from, and announces targets that it keeps") {
  KeptTargets targets;
  CHECK_FALSE(targets.note(toy_event(EventKind::free, 9, 0, kM)));
  CHECK_FALSE(targets.note(scan(true)));
  CHECK_FALSE(targets.note(toy_event(EventKind::migrate, 5, 0, kM)));
  CHECK_FALSE(targets.note(toy_event(EventKind::free, 5, 0, kM)));
  CHECK(targets.note(toy_event(EventKind::free, 9, 0, kM)));
  CHECK_FALSE(targets.note(toy_event(EventKind::free, 9, 0, kM, 1)));
  CHECK_FALSE(targets.note(toy_event(EventKind::migrated, 0, 0, kM)));
  CHECK_FALSE(targets.note(toy_event(EventKind::free, 9, 0, kM)));
}

TEST_CASE("a scan that took nothing moves nothing") {
  KeptTargets targets;
  targets.note(scan(false));
  CHECK_FALSE(targets.note(toy_event(EventKind::free, 9, 0, kM)));
}
