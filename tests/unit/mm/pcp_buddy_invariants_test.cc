// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp_buddy_invariants.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

constexpr CpuId kFirst{0};
constexpr CpuId kSecond{1};

/** A toy whose first pageblock is the first CPU's, which has one page of it on its list. */
struct Held {
  Held() {
    toy.paint("MMMMMMMM");
    buddy().own(0, kFirst);
    toy.memory().free_pages(toy.at(0), Order{0}, kFirst);
    toy.check();
  }
  PcpBuddy& buddy() { return *toy.zone().pcp_buddy(); }

  ToyZone toy{ToySpec{.cpus = 2, .pcp = PcpKind::pcpbuddy}};
};

}  // namespace

TEST_CASE("an owned page with another owner is found") {
  Held held;
  held.buddy().own(0, kSecond);
  CHECK_THROWS_AS(held.toy.check(), InvariantViolation);
}

TEST_CASE("an owner of a whole free pageblock is found") {
  Held held;
  held.buddy().own(5, kFirst);
  CHECK_THROWS_AS(held.toy.check(), InvariantViolation);
}

TEST_CASE("a wrong count of pages is found") {
  Held held;
  ++held.toy.zone().pcp(kFirst).count;
  CHECK_THROWS_AS(held.toy.check(), InvariantViolation);
}

TEST_CASE("a remote list that lies is found") {
  Held held;
  held.buddy().of(kSecond).remote_pages = 1;
  CHECK_THROWS_AS(held.toy.check(), InvariantViolation);
}

TEST_CASE("a recoverable pageblock that its owner does not list is found") {
  Held held;
  held.buddy().note_recoverable(0, kFirst);
  held.toy.check();
  held.buddy().of(kFirst).recoverable.clear();
  CHECK_THROWS_AS(held.toy.check(), InvariantViolation);
}
