// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/pageblock_frame.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

constexpr NrPages kPages{512};

unsigned fill(const Pageblock& block) {
  return pageblock_code(block, kPages, false) & 7U;
}

}  // namespace

TEST_CASE("fill counts allocated pages in quarters, and tells the last page") {
  CHECK(fill({.movable = 0}) == 0);
  CHECK(fill({.movable = 1}) == 1);
  CHECK(fill({.movable = 128}) == 2);
  CHECK(fill({.movable = 256}) == 3);
  CHECK(fill({.movable = 511}) == 4);
  CHECK(fill({.movable = 512}) == 5);
}

TEST_CASE("boot-time memory is no part of what can be full") {
  CHECK(fill({.movable = 12, .reserved = 500}) == 5);
  CHECK(fill({.movable = 6, .reserved = 500}) == 3);
}

TEST_CASE("each type of page has its bit, and the label its own") {
  const Pageblock mixed{.unmovable = 1, .movable = 300, .reclaimable = 2, .type = Migratetype::reclaimable};
  CHECK((pageblock_code(mixed, kPages, false) >> 3U) == 0b10111);
  CHECK((pageblock_code({.unmovable = 1}, kPages, false) >> 3U) == 0b01010);
  CHECK((pageblock_code({.type = Migratetype::highatomic}, kPages, false) >> 6U) == 3);
}

TEST_CASE("a hole differs from boot-time memory") {
  const Pageblock block{.reserved = 512};
  CHECK(pageblock_code(block, kPages, true) == 7);
  CHECK(pageblock_code(block, kPages, false) == 6);
}
