// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/maybe.h"

#include <doctest/doctest.h>

#include "sim/base/types.h"

using namespace gbsim;

TEST_CASE("a maybe without a value is none, whatever kind it is of") {
  CHECK_FALSE(Maybe<Pfn>{}.has_value());
  CHECK_FALSE(Maybe<Order>{std::nullopt});
  CHECK(Maybe<FolioId>{} == Maybe<FolioId>{std::nullopt});
}

TEST_CASE("a maybe holds zero as well as any other page") {
  const Maybe<Pfn> first{Pfn{0}};
  REQUIRE(first.has_value());
  CHECK(*first == Pfn{0});
  CHECK(first == Pfn{0});
  CHECK(first->value == 0);
  CHECK_FALSE(first == Maybe<Pfn>{});
}

TEST_CASE("a maybe gives its value, or another if it has none") {
  CHECK(Maybe<Order>{Order{3}}.value_or(Order{9}) == Order{3});
  CHECK(Maybe<Order>{}.value_or(Order{9}) == Order{9});
}

TEST_CASE("a maybe that is reset holds nothing") {
  Maybe<Order> order{Order{2}};
  order.reset();
  CHECK_FALSE(order.has_value());
}

TEST_CASE("a maybe needs no more space than its value and turns into std::optional") {
  static_assert(sizeof(Maybe<Pfn>) == sizeof(Pfn));
  static_assert(sizeof(Maybe<Order>) == sizeof(Order));
  const std::optional<Pfn> some = Maybe<Pfn>{Pfn{7}};
  CHECK(some == Pfn{7});
  const std::optional<Pfn> none = Maybe<Pfn>{};
  CHECK_FALSE(none.has_value());
}
