// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/prefetch.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("any address may be asked for, mapped or not") {
  int here = 7;
  prefetch_line(&here);
  prefetch_line(nullptr);
  CHECK(here == 7);
}
