// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/summary_bitmap.h"

#include <doctest/doctest.h>

#include <set>

#include "sim/base/random.h"

using namespace gbsim;

TEST_CASE("a summary bitmap agrees with a set at every size") {
  for (const std::size_t bits : {1U, 63U, 64U, 65U, 4096U, 4097U, 20000U}) {
    CAPTURE(bits);
    SummaryBitmap bitmap(bits);
    std::set<std::size_t> model;
    RandomStream random(1, "summary bitmap");
    for (int i = 0; i < 3000; ++i) {
      const std::size_t bit = random.below(bits);
      if (random.below(2) == 0 ? model.insert(bit).second : false) {
        bitmap.set(bit);
      } else if (model.erase(bit) != 0) {
        bitmap.clear(bit);
      }
      REQUIRE(bitmap.any() == !model.empty());
      REQUIRE(bitmap.first() == (model.empty() ? SummaryBitmap::kNone : *model.begin()));
      REQUIRE(bitmap.test(bit) == model.contains(bit));
    }
    const std::size_t middle = random.below(bits);
    const auto after = model.lower_bound(middle);
    CHECK(bitmap.next(middle) == (after == model.end() ? SummaryBitmap::kNone : *after));
    CHECK(bitmap.count_before(middle) == static_cast<std::size_t>(std::distance(model.begin(), after)));
  }
}

TEST_CASE("an empty summary bitmap has no first bit") {
  const SummaryBitmap bitmap;
  CHECK_FALSE(bitmap.any());
  CHECK(bitmap.first() == SummaryBitmap::kNone);
}
