// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/gigablock_index.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

constexpr GigablockId kFirst{0};
constexpr GigablockId kSecond{1};
constexpr PageblockContents kNothing{};
constexpr PageblockContents kFree{.free = true};
constexpr PageblockContents kMovable{.movable = true};
constexpr PageblockContents kUnmovable{.unmovable = true};
constexpr PageblockContents kReclaimable{.reclaimable = true};

/** Gigablocks of 8 pageblocks, all in use by nobody yet; 2 of them are the reserve. */
GigablockIndex index_of(std::size_t gigablocks) {
  GigablockIndex index(gigablocks, Order{3}, GigablockListing{true, 0.25, 1});
  for (std::size_t i = 0; i < gigablocks * 8; ++i) {
    index.add_pageblock(GigablockId{i / 8}, false);
  }
  return index;
}

void change(GigablockIndex& index, GigablockId id, unsigned pageblocks, PageblockContents from, PageblockContents to) {
  for (unsigned i = 0; i < pageblocks; ++i) {
    index.pageblock_changed(id, from, to, 0);
  }
}

}  // namespace

TEST_CASE("category and fullness follow what pageblocks hold") {
  GigablockIndex index = index_of(2);
  change(index, kFirst, 8, kNothing, kFree);
  CHECK(index.category(kFirst) == GigablockCategory::empty);
  change(index, kFirst, 1, kFree, kMovable);
  CHECK(index.category(kFirst) == GigablockCategory::clean);
  CHECK(index.fullness(kFirst) == Fullness::mostly_free);
  change(index, kFirst, 3, kFree, kMovable);
  CHECK(index.fullness(kFirst) == Fullness::half_used);
  change(index, kFirst, 2, kFree, kUnmovable);
  CHECK(index.category(kFirst) == GigablockCategory::tainted);
  CHECK(index.fullness(kFirst) == Fullness::scarce);
  change(index, kFirst, 2, kFree, kMovable);
  CHECK(index.fullness(kFirst) == Fullness::full);
  CHECK(index.nr_in(GigablockCategory::tainted) == 1);
  change(index, kFirst, 2, kUnmovable, kFree);
  CHECK(index.category(kFirst) == GigablockCategory::clean);
  CHECK(index.changes().became_tainted == 1);
  CHECK(index.changes().became_clean == 1);
}

TEST_CASE("one pageblock with anything reclaimable taints as one with anything unmovable does") {
  for (const PageblockContents& taint : {kReclaimable, kUnmovable}) {
    GigablockIndex index = index_of(1);
    change(index, kFirst, 8, kNothing, kFree);
    change(index, kFirst, 1, kFree, taint);
    CHECK(index.category(kFirst) == GigablockCategory::tainted);
    change(index, kFirst, 1, taint, kFree);
    CHECK(index.category(kFirst) == GigablockCategory::empty);
  }
}

TEST_CASE("the limits of the fullness buckets are the zone's to choose") {
  GigablockIndex index(1, Order{3}, GigablockListing{true, 0.25, 1, 0.50, 0.25});
  for (unsigned i = 0; i < 8; ++i) {
    index.add_pageblock(kFirst, false);
  }
  change(index, kFirst, 8, kNothing, kFree);
  change(index, kFirst, 2, kFree, kMovable);
  CHECK(index.fullness(kFirst) == Fullness::half_used);
  change(index, kFirst, 2, kFree, kMovable);
  CHECK(index.fullness(kFirst) == Fullness::mostly_used);
}

TEST_CASE("boot-time memory counts as taint, and isolation hides everything") {
  GigablockIndex index(1, Order{3}, GigablockListing{true, 0.25, 1});
  index.add_pageblock(kFirst, true);
  CHECK(index.category(kFirst) == GigablockCategory::tainted);
  index.set_isolated(kFirst, true);
  CHECK(index.category(kFirst) == GigablockCategory::isolated);
  index.set_isolated(kFirst, false);
  CHECK(index.category(kFirst) == GigablockCategory::tainted);
}

TEST_CASE("the fullest gigablock with a block that is large enough is found") {
  GigablockIndex index = index_of(2);
  change(index, kFirst, 4, kNothing, kFree);
  change(index, kFirst, 4, kNothing, kMovable);
  change(index, kSecond, 8, kNothing, kMovable);
  const auto find = [&](unsigned order, Fullness from = Fullness::full) {
    return index.fullest_with(GigablockCategory::clean, Migratetype::movable, Order{order}, from);
  };
  CHECK_FALSE(find(0));
  index.list_changed(kFirst, Order{3}, Migratetype::movable, true, 1U << 3);
  index.list_changed(kSecond, Order{1}, Migratetype::movable, true, 1U << 1);
  CHECK(find(0) == kSecond);
  CHECK(find(2) == kFirst);
  CHECK(find(0, Fullness::scarce) == kFirst);
  CHECK(index.with_order(Order{1}).first() == 1);
  index.list_changed(kSecond, Order{1}, Migratetype::movable, false, 0);
  CHECK(find(0) == kFirst);
  CHECK(index.any_with(Migratetype::movable, Order{3}));
  CHECK_FALSE(index.any_with(Migratetype::unmovable, Order{0}));
  CHECK(index.nr_free(Order{3}, Migratetype::movable) == 1);
}

TEST_CASE("two indices that saw the same changes agree, and others do not") {
  GigablockIndex left = index_of(2);
  GigablockIndex right = index_of(2);
  CHECK(left.same_sets(right));
  left.list_changed(kSecond, Order{1}, Migratetype::movable, true, 1U << 1);
  CHECK(left.first_difference(right) == 1);
  CHECK_FALSE(left.same_sets(right));
  right.list_changed(kSecond, Order{1}, Migratetype::movable, true, 1U << 1);
  CHECK(left.first_difference(right) == 2);
  CHECK(left.same_sets(right));
}
