// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/lazy_array.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("an array of many zeroes costs nothing until it is written") {
  LazyArray<std::uint32_t> array(std::size_t{1} << 28);
  CHECK(array.committed_bytes() == 0);
  CHECK(array[123456789] == 0);
  array[5] = 7;
  CHECK(array[5] == 7);
  CHECK(array.committed_bytes() <= (4U << 20));
}
