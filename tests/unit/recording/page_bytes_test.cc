// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/page_bytes.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("pages are counted by what was written to them, those never written to as 0") {
  PageBytes bytes;
  bytes.fill(Pfn{131'001}, NrPages{200}, 3);  // across two chunks
  bytes.fill(Pfn{131'100}, NrPages{1}, 7);
  const auto counts = bytes.histogram(Pfn{130'990}, NrPages{300'000});  // and a third, without memory
  CHECK(counts[3] == 199);
  CHECK(counts[7] == 1);
  CHECK(counts[0] == 299'800);
  CHECK(bytes.histogram(Pfn{131'099}, NrPages{2})[7] == 1);
  CHECK(bytes.histogram(Pfn{131'099}, NrPages{0})[3] == 0);
}
