// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/event_tally.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("events are counted by kind, and kinds are told in one order however they came") {
  EventTally tally;
  tally.add("out_of_order");
  tally.add("doubled", 2);
  tally.add("out_of_order", 3);
  CHECK(tally.count("out_of_order") == 4);
  CHECK(tally.count("never_seen") == 0);
  REQUIRE(tally.counts().size() == 2);
  CHECK(tally.counts().begin()->first == "doubled");
}

TEST_CASE("what several have counted is added up") {
  EventTally tally;
  tally.add("doubled", 2);
  EventTally other;
  other.add("doubled", 3);
  other.add("lost", 1);
  tally.add(other);
  CHECK(tally.count("doubled") == 5);
  CHECK(tally.count("lost") == 1);
}

TEST_CASE("a kind of which there is none is not told") {
  EventTally tally;
  tally.add("lost", 0);
  CHECK(tally.counts().empty());
}
