// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/big_vector.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <numeric>

using namespace gbsim;

TEST_CASE("a big vector keeps its contents while it grows from the heap into huge pages") {
  BigVector<std::uint64_t> numbers;
  constexpr std::uint64_t kCount = std::uint64_t{1} << 20;  // 8 MiB
  for (std::uint64_t i = 0; i < kCount; ++i) {
    numbers.push_back(i);
  }
  CHECK(std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0}) == kCount * (kCount - 1) / 2);
}

TEST_CASE("arrays of any size are aligned as their type asks, and a reserve for terabytes is no matter") {
  struct alignas(64) Line {
    char bytes[64];
  };
  BigVector<Line> small(3);
  BigVector<Line> large(1U << 17U);
  CHECK(reinterpret_cast<std::uintptr_t>(small.data()) % 64 == 0);
  CHECK(reinterpret_cast<std::uintptr_t>(large.data()) % 64 == 0);
  large.reserve(std::size_t{1} << 32U);
  large.back().bytes[0] = 1;
  CHECK(large.size() == 1U << 17U);
}
