// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/census.h"

#include <doctest/doctest.h>

#include <vector>

using namespace gbsim;

namespace {

constexpr NrPages kBlock{16};
constexpr NrPages kGigablock{64};

GigablockSample gigablock(std::uint32_t movable, std::uint32_t unmovable, std::uint32_t pinned = 0) {
  GigablockSample g;
  g.movable = movable;
  g.unmovable = unmovable;
  g.pinned = pinned;
  g.free = static_cast<std::uint32_t>(kGigablock.value) - movable - unmovable;
  settle_gigablock(g, kGigablock, true);
  return g;
}

Pageblock block(Migratetype type, std::uint16_t unmovable, std::uint16_t movable) {
  Pageblock b;
  b.type = type;
  b.unmovable = unmovable;
  b.movable = movable;
  b.free = static_cast<std::uint16_t>(kBlock.value - unmovable - movable);
  return b;
}

}  // namespace

TEST_CASE("a gigablock is empty, clean or tainted by what it holds") {
  CHECK(gigablock(0, 0).state == GigablockState::empty);
  CHECK(gigablock(64, 0).state == GigablockState::clean);
  CHECK(gigablock(63, 1).state == GigablockState::tainted);
}

TEST_CASE("pages on per-CPU lists count as free in their gigablock") {
  Pageblock b = block(Migratetype::movable, 0, 4);
  b.free = 10;
  GigablockSample g;
  count_pageblock(g, b, kBlock);
  CHECK(g.free == 12);
  CHECK(g.movable == 4);
}

TEST_CASE("holes, boot-time memory and zone borders keep a gigablock from being whole") {
  GigablockSample g = gigablock(0, 0);
  CHECK(g.whole);
  settle_gigablock(g, kGigablock, false);
  CHECK_FALSE(g.whole);
  g.reserved = 1;
  settle_gigablock(g, kGigablock, true);
  CHECK_FALSE(g.whole);
}

TEST_CASE("a pageblock is mixed when it holds pages of another type than its label") {
  PageblockCensus census;
  count_pageblock(census, block(Migratetype::movable, 0, 16), kBlock);
  count_pageblock(census, block(Migratetype::unmovable, 16, 0), kBlock);
  CHECK(census.mixed == 0);
  CHECK(census.with_unmovable == 1);
  count_pageblock(census, block(Migratetype::movable, 1, 0), kBlock);
  count_pageblock(census, block(Migratetype::reclaimable, 0, 1), kBlock);
  CHECK(census.mixed == 2);
  CHECK(census.with_unmovable == 2);
  CHECK(census.total == 4);
}

TEST_CASE("wholly free pageblocks are counted, holes are not pageblocks") {
  PageblockCensus census;
  count_pageblock(census, block(Migratetype::movable, 0, 0), kBlock);
  Pageblock hole;
  hole.reserved = 16;
  count_pageblock(census, hole, kBlock);
  CHECK(census.free == 1);
  CHECK(census.total == 1);
}

TEST_CASE("a clean gigablock is allocatable while free memory elsewhere can take its pages") {
  CHECK(count_allocatable_1g(std::vector{gigablock(0, 0), gigablock(64, 0)}, kGigablock) == 1);
  CHECK(count_allocatable_1g(std::vector{gigablock(20, 0), gigablock(40, 1)}, kGigablock) == 1);
  CHECK(count_allocatable_1g(std::vector{gigablock(32, 0), gigablock(32, 0)}, kGigablock) == 1);
  CHECK(count_allocatable_1g(std::vector{gigablock(64, 0), gigablock(64, 0)}, kGigablock) == 0);
}

TEST_CASE("pinned, tainted and partial gigablocks are not allocatable") {
  GigablockSample partial = gigablock(0, 0);
  settle_gigablock(partial, kGigablock, false);
  CHECK(count_allocatable_1g(std::vector{gigablock(1, 0, 1), gigablock(0, 1), partial}, kGigablock) == 0);
}

TEST_CASE("indices equal the kernel's debugfs files for the same free lists") {
  // Zone Normal of a recorded Linux 6.1 guest: no block of order 9 or above is free.
  const std::vector<std::uint64_t> blocks{1, 1, 2, 2, 2, 0, 1, 1, 19, 0, 0};
  const FragmentationIndices indices = fragmentation_indices(blocks, Order{18}, 0);
  CHECK(indices.unusable_4 == doctest::Approx(0.005).epsilon(0.1));
  CHECK(indices.unusable_9 == 1.0);
  CHECK(indices.extfrag_4 == -1.0);
  CHECK(indices.extfrag_9 == doctest::Approx(0.622).epsilon(0.002));
}

TEST_CASE("order 18 counts whole free gigablocks, which no free list shows") {
  const std::vector<std::uint64_t> blocks{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 512};
  CHECK(fragmentation_indices(blocks, Order{18}, 0).unusable_18 == 1.0);
  CHECK(fragmentation_indices(blocks, Order{18}, 1).unusable_18 == 0.5);
  CHECK(fragmentation_indices(blocks, Order{18}, 2).unusable_18 == 0.0);
}

TEST_CASE("no free memory at all is wholly unusable, and no external fragmentation") {
  const std::vector<std::uint64_t> blocks(11, 0);
  CHECK(fragmentation_indices(blocks, Order{18}, 0).unusable_9 == 1.0);
  CHECK(fragmentation_indices(blocks, Order{18}, 0).extfrag_9 == 0.0);
}
