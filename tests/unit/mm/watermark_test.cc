// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/watermark.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

constexpr NrPages gib(std::uint64_t n) { return NrPages{n << 18}; }

}  // namespace

TEST_CASE("integer square roots round down") {
  CHECK(integer_sqrt(0) == 0);
  CHECK(integer_sqrt(15) == 3);
  CHECK(integer_sqrt(16) == 4);
  CHECK(integer_sqrt(std::uint64_t{1} << 40) == (1U << 20));
}

TEST_CASE("min_free_kbytes grows with the square root of memory within bounds") {
  CHECK(default_min_free_kbytes(NrPages{1}) == 128);
  CHECK(default_min_free_kbytes(gib(4)) == 8192);
  CHECK(default_min_free_kbytes(gib(1 << 14)) == 262144);
}

TEST_CASE("khugepaged asks for eleven pageblocks a zone") {
  CHECK(thp_min_free_kbytes(3, Order{9}, gib(256)) == 67584);
  CHECK(thp_min_free_kbytes(3, Order{9}, NrPages{1000}) == 200);
}
