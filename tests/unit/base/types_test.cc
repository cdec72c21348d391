// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/types.h"

#include <doctest/doctest.h>

#include "sim/base/check.h"
#include "sim/base/clock.h"

using namespace gbsim;

TEST_CASE("an order is a power of two of base pages") {
  CHECK(Order{0}.pages() == NrPages{1});
  CHECK(Order{9}.pages() == NrPages{512});
  CHECK(Order{18}.pages() == NrPages{262144});
  CHECK(Order{3}.next() == Order{4});
  CHECK(Order{3}.prev() == Order{2});
}

TEST_CASE("the buddy of a block is the other half of its parent") {
  CHECK(Pfn{0x1000}.buddy(Order{0}) == Pfn{0x1001});
  CHECK(Pfn{0x1001}.buddy(Order{0}) == Pfn{0x1000});
  CHECK(Pfn{0x1200}.buddy(Order{9}) == Pfn{0x1000});
}

TEST_CASE("pfns align to blocks") {
  CHECK(Pfn{0x12ff}.align_down(Order{9}) == Pfn{0x1200});
  CHECK(Pfn{0x1201}.align_up(Order{9}) == Pfn{0x1400});
  CHECK(Pfn{0x1200}.align_up(Order{9}) == Pfn{0x1200});
  CHECK(Pfn{0x1200}.is_aligned(Order{9}));
  CHECK_FALSE(Pfn{0x1200}.is_aligned(Order{10}));
}

TEST_CASE("bytes round up to whole pages") {
  CHECK(pages_for_bytes(0) == NrPages{0});
  CHECK(pages_for_bytes(1) == NrPages{1});
  CHECK(pages_for_bytes(4096) == NrPages{1});
  CHECK(pages_for_bytes(4097) == NrPages{2});
}

TEST_CASE("a clock starts at zero") {
  CHECK(Clock{}.now == Ns{0});
}

TEST_CASE("a broken invariant names the condition and the place") {
  const int pages = 3;
  CHECK_NOTHROW(GBSIM_CHECK(pages == 3));
  CHECK_THROWS_AS(GBSIM_CHECK(pages == 4), InvariantViolation);
  try {
    fail_check("free >= 0", "zone.cc", 12);
  } catch (const InvariantViolation& violation) {
    CHECK(std::string(violation.what()) == "zone.cc:12: does not hold: free >= 0");
  }
}
