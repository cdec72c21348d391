// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/lazy_memory.h"

#include <doctest/doctest.h>

#include <new>

using namespace gbsim;

TEST_CASE("more memory than the host has may be mapped, and reads as zeroes") {
  constexpr std::size_t kBytes = std::size_t{1} << 40;
  auto* const bytes = static_cast<char*>(map_lazily(kBytes));
  CHECK(bytes[kBytes - 1] == 0);
  bytes[0] = 1;
  CHECK(bytes[0] == 1);
  unmap_lazily(bytes, kBytes);
}

TEST_CASE("address space that cannot be had is an error") {
  CHECK_THROWS_AS(map_lazily(std::size_t{1} << 60), std::bad_alloc);
}
