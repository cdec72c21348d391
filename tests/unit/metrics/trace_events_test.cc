// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/trace_events.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("events of every allocation are left out unless they are asked for") {
  const TraceFilter filter;
  CHECK(filter.wants("mm_page_alloc_extfrag"));
  CHECK(filter.wants("spb_alloc_fall_through"));
  CHECK_FALSE(filter.wants("spb_alloc_walk"));
  CHECK_FALSE(filter.wants_frequent());
}

TEST_CASE("patterns choose what they match and nothing else, as trace-cmd record -e does") {
  TraceFilter filter;
  REQUIRE(filter.choose("spb_*"));
  CHECK(filter.wants("spb_alloc_walk"));
  CHECK(filter.wants("spb_alloc_fall_through"));
  CHECK_FALSE(filter.wants("mm_page_alloc_extfrag"));
  CHECK(filter.wants_frequent());
  REQUIRE(filter.choose("compaction:*"));
  CHECK(filter.wants("spb_alloc_walk"));
  CHECK(filter.wants("mm_compaction_begin"));
  CHECK_FALSE(filter.wants("mm_vmscan_kswapd_wake"));
}

TEST_CASE("a pattern without an event changes nothing") {
  TraceFilter filter;
  CHECK_FALSE(filter.choose("sched:*"));
  CHECK_FALSE(filter.choose("kmem:mm_vmscan_kswapd_wake"));
  CHECK(filter.wants("mm_page_alloc_extfrag"));
}
