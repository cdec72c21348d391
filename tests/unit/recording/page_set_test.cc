// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/page_set.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "sim/base/random.h"

using namespace gbsim;

TEST_CASE("a set has the pages of the blocks that joined it, and no others") {
  constexpr Pfn kStart{1000};  // within a word
  constexpr NrPages kPages{5000};
  PageSet set(kStart, kPages);
  std::vector<bool> expected(kPages.value, false);
  RandomStream random(1, "test.page_set");
  for (int i = 0; i < 40; ++i) {
    const Order order{static_cast<unsigned>(random.next() % 10)};
    const Pfn head = Pfn{kStart.value + random.next() % kPages.value}.align_up(order);
    if (head + order.pages() > kStart + kPages) {
      continue;
    }
    const auto first = expected.begin() + static_cast<std::ptrdiff_t>((head - kStart).value);
    const auto last = first + static_cast<std::ptrdiff_t>(order.pages().value);
    CHECK(set.contains_any(head, order) == (std::find(first, last, true) != last));
    set.add(head, order);
    std::fill(first, last, true);
  }
  for (std::uint64_t i = 0; i < kPages.value; ++i) {
    REQUIRE(set.contains(kStart + NrPages{i}) == expected[i]);
  }
}

TEST_CASE("the last block of a zone that ends with a word lies in it") {
  PageSet set(Pfn{0}, NrPages{128});
  set.add(Pfn{64}, Order{6});
  CHECK(set.contains(Pfn{127}));
  CHECK_FALSE(set.contains(Pfn{63}));
  CHECK(set.contains_any(Pfn{0}, Order{7}));
}
