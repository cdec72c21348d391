// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp_buddy.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

constexpr CpuId kFirst{0};
constexpr CpuId kSecond{1};

}  // namespace

TEST_CASE("a pageblock has one owner until it is released") {
  PcpBuddy buddy(64, Order{3}, 2);
  CHECK(buddy.nr_pageblocks() == 8);
  CHECK_FALSE(buddy.owner(3));
  buddy.own(3, kSecond);
  CHECK(buddy.owner(3) == kSecond);
  CHECK(buddy.owns(kSecond, 3));
  CHECK_FALSE(buddy.owns(kFirst, 3));
  buddy.release(3);
  buddy.release(3);
  CHECK_FALSE(buddy.owner(3));
  CHECK(buddy.counts().released == 1);
}

TEST_CASE("only an owner's pageblock is recoverable, and is listed once") {
  PcpBuddy buddy(64, Order{3}, 2);
  buddy.own(2, kFirst);
  buddy.note_recoverable(2, kSecond);
  CHECK_FALSE(buddy.is_recoverable(2));
  buddy.note_recoverable(2, kFirst);
  buddy.note_recoverable(2, kFirst);
  CHECK(buddy.of(kFirst).recoverable.size() == 1);
  buddy.release(2);
  CHECK_FALSE(buddy.is_recoverable(2));
}

TEST_CASE("counts add and subtract as a whole") {
  PcpBuddyCounts counts{.refills = 5, .drained_blocks = 7};
  counts.refill_pages[1] = 3;
  PcpBuddyCounts twice = counts;
  twice += counts;
  CHECK(twice.refill_pages[1] == 6);
  CHECK(twice.drained_blocks == 14);
  twice -= counts;
  CHECK(twice.refills == 5);
}
