// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/inferred_frees.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

TraceEvent freed(std::uint64_t offset, unsigned order = 0) {
  return toy_event(EventKind::free, offset, order, Migratetype::movable);
}

}  // namespace

TEST_CASE("a free is doubted once, wherever in the block that was passed over its pages lie") {
  InferredFrees frees;
  frees.arrived(freed(5));
  frees.arrived(freed(8));
  const auto doubted = frees.doubt(toy_page(4), Order{2});
  REQUIRE(doubted);
  CHECK(doubted->pfn == toy_page(5));
  CHECK_FALSE(frees.doubt(toy_page(4), Order{2}));
  const auto all = frees.take_doubted();
  REQUIRE(all.size() == 1);
  CHECK(all[0].pfn == toy_page(5));
  CHECK(frees.take_doubted().empty());
}

TEST_CASE("pages that left their list are not in question any longer") {
  InferredFrees frees;
  frees.arrived(freed(5));
  frees.arrived(freed(6));
  frees.left(toy_page(4), Order{1});
  CHECK_FALSE(frees.doubt(toy_page(4), Order{1}));
  CHECK(frees.doubt(toy_page(6), Order{0}));
}
