// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/by_page.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

struct Pair {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

}  // namespace

TEST_CASE("pages keep what was written to them, wherever they lie") {
  ByPage<std::uint8_t> bytes;
  bytes.fill(Pfn{131'000}, NrPages{200}, 3);  // across two chunks
  bytes.fill(Pfn{131'100}, NrPages{1}, 7);
  CHECK(bytes[Pfn{130'999}] == 0);
  CHECK(bytes[Pfn{131'000}] == 3);
  CHECK(bytes[Pfn{131'100}] == 7);
  CHECK(bytes[Pfn{131'199}] == 3);
  CHECK(bytes[Pfn{131'200}] == 0);
  CHECK(bytes[Pfn{1'000'000'000}] == 0);
}

TEST_CASE("more than a number can be kept of a page") {
  ByPage<Pair> pairs;
  pairs.fill(Pfn{200'000}, NrPages{1}, {4, 5});
  CHECK(pairs[Pfn{200'000}].b == 5);
  CHECK(pairs[Pfn{200'001}].a == 0);
  CHECK(pairs[Pfn{1}].a == 0);
}

TEST_CASE("the last page that a machine may have can be written to, those beyond are passed over") {
  ByPage<std::uint8_t> bytes;
  const Pfn last = kEndOfPages - NrPages{1};
  bytes.fill(last, NrPages{1}, 1);
  bytes.fill(last, NrPages{2}, 2);
  bytes.fill(Pfn{~std::uint64_t{0}}, NrPages{4}, 2);
  CHECK(bytes[last] == 1);
  CHECK(bytes[kEndOfPages] == 0);
  CHECK(bytes[Pfn{~std::uint64_t{0}}] == 0);
}
