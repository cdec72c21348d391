// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_relief.h"

#include <doctest/doctest.h>

#include "sim/allocator/page_request.h"
#include "sim/replay/recorded_pages.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Eight free pages of sixteen, with a high watermark of @high. */
ToyReplayWorld world_with_high(std::uint64_t high) {
  KernelSnapshot snapshot = toy_snapshot("MM");
  add_free(snapshot, 3, Migratetype::movable, {8});
  snapshot.zones[0].watermark = {1, 2, high};
  return ToyReplayWorld(snapshot, KernelVersion::v6_1);
}

/** Large enough for boosts of 8 pages; whole pageblocks are free at @free. */
ToyReplayWorld four_pageblocks(std::initializer_list<std::uint64_t> free) {
  KernelSnapshot snapshot = toy_snapshot("MMMM");
  add_free(snapshot, 3, Migratetype::movable, free);
  snapshot.zones[0].watermark = {1, 2, 4};
  return ToyReplayWorld(snapshot, KernelVersion::v6_1);
}

WatermarkQuery low_mark(const Zone& zone) { return {Order{0}, zone.low_wmark().value, ZoneType::dma32, AllocFlags{}}; }

}  // namespace

TEST_CASE("kswapd works from its wake-up until the zone is above its high watermark") {
  ToyReplayWorld world = world_with_high(9);
  RecordedRelief relief(*world.memory);
  relief.wake_kswapd(world.zone(), PageRequest{});
  CHECK(world.zone().reclaim_active());
  relief.settle(Ns{0});
  CHECK(world.zone().reclaim_active());
  RecordedPages::unlabel(world.zone(), toy_page(0), Order{2});
  world.zone().free_block(toy_page(0), Order{2}, Migratetype::movable);
  relief.settle(Ns{0});
  CHECK_FALSE(world.zone().reclaim_active());
}

TEST_CASE("a balanced node does not wake kswapd") {
  ToyReplayWorld world = world_with_high(4);
  RecordedRelief relief(*world.memory);
  relief.wake_kswapd(world.zone(), PageRequest{});
  CHECK_FALSE(world.zone().reclaim_active());
}

TEST_CASE("a boost wakes kswapd, and both last until as many pages were freed as it asked for") {
  ToyReplayWorld world = four_pageblocks({0, 8, 16});
  RecordedRelief relief(*world.memory);
  REQUIRE(world.zone().boost_watermark(15000));
  CHECK(world.zone().boost() == NrPages{8});
  relief.wake_kswapd(world.zone(), PageRequest{});
  relief.settle(Ns{0});
  CHECK(world.zone().reclaim_active());
  for (std::uint64_t page = 24; page < 32; ++page) {
    world.memory->free_pages(toy_page(page), Order{0}, CpuId{0});
  }
  relief.settle(Ns{0});
  CHECK_FALSE(world.zone().reclaim_active());
  CHECK(world.zone().boost() == NrPages{0});
}

TEST_CASE("a round of kswapd ends what was boosted when it woke, not what came since") {
  ToyReplayWorld world = four_pageblocks({0, 8, 16});
  world.zone().set_watermarks(Watermarks{{1, 2, 8}, {}});
  RecordedRelief relief(*world.memory);
  REQUIRE(world.zone().boost_watermark(15000));
  relief.wake_kswapd(world.zone(), PageRequest{});
  REQUIRE(world.zone().boost_watermark(15000));
  CHECK(world.zone().boost() == NrPages{12});
  for (std::uint64_t page = 24; page < 32; ++page) {
    world.memory->free_pages(toy_page(page), Order{0}, CpuId{0});
  }
  relief.settle(Ns{0});
  CHECK(world.zone().boost() == NrPages{4});
}

TEST_CASE("counters are kept in other steps until kswapd has slept for a while") {
  ToyReplayWorld world = world_with_high(9);
  world.zone().set_watermarks(Watermarks{{1, 7, 9}, {}});
  const std::int32_t calm = world.zone().free_stat().threshold();
  RecordedRelief relief(*world.memory);
  relief.wake_kswapd(world.zone(), PageRequest{});
  CHECK(world.zone().free_stat().threshold() == 3);
  RecordedPages::unlabel(world.zone(), toy_page(0), Order{2});
  world.zone().free_block(toy_page(0), Order{2}, Migratetype::movable);
  relief.settle(Ns{1'000});
  CHECK(world.zone().free_stat().threshold() == 3);
  relief.settle(Ns{101'000'000});
  CHECK(world.zone().free_stat().threshold() == calm);
}

TEST_CASE("a zone that the kernel passed over was boosted, until the kernel takes from it") {
  ToyReplayWorld world = four_pageblocks({8});
  keep_exact(world.zone());
  RecordedRelief relief(*world.memory);
  relief.learn_short(world.zone(), low_mark(world.zone()));
  CHECK(world.zone().boost() == NrPages{8});
  CHECK(world.zone().reclaim_active());
  keep_exact(world.zone());
  relief.learn_enough(world.zone(), low_mark(world.zone()));
  CHECK(world.zone().boost() == NrPages{0});
}

TEST_CASE("where the largest boost does not make a zone short, it was passed over for another reason") {
  ToyReplayWorld world = four_pageblocks({0, 8, 16});
  RecordedRelief relief(*world.memory);
  relief.learn_short(world.zone(), low_mark(world.zone()));
  CHECK(world.zone().boost() == NrPages{0});
  CHECK_FALSE(world.zone().reclaim_active());
}

TEST_CASE("a zone near its watermark was passed over because CPUs have yet to fold what they freed") {
  ToyReplayWorld world = four_pageblocks({8});
  world.zone().set_watermarks(Watermarks{{1, 6, 9}, {}});
  world.zone().free_stat().set_threshold(2);
  RecordedRelief relief(*world.memory);
  CHECK(RecordedRelief::misjudged_by(world.zone(), low_mark(world.zone()), false) == 2);
  relief.learn_short(world.zone(), low_mark(world.zone()));
  CHECK(world.zone().boost() == NrPages{0});
  CHECK(world.zone().free_pages() == NrPages{6});
  CHECK(world.zone().free_pages_exact() == NrPages{8});
  relief.learn_enough(world.zone(), low_mark(world.zone()));
  CHECK(world.zone().free_pages() == NrPages{8});
}

TEST_CASE("boosts that the kernel does not know of three times are off, until twice as many calls want one") {
  ToyReplayWorld world = four_pageblocks({8});
  keep_exact(world.zone());
  RecordedRelief relief(*world.memory);
  const unsigned factor = world.tunables.watermark_boost_factor;
  for (int i = 0; i < 3; ++i) {
    CHECK(world.zone().boost_watermark(world.tunables.watermark_boost_factor));
    relief.learn_enough(world.zone(), low_mark(world.zone()));
  }
  CHECK(world.tunables.watermark_boost_factor == 0);
  for (int i = 0; i < 5; ++i) {
    relief.learn_short(world.zone(), low_mark(world.zone()));
    CHECK(world.zone().boost() == NrPages{0});
  }
  relief.learn_short(world.zone(), low_mark(world.zone()));
  CHECK(world.tunables.watermark_boost_factor == factor);
  CHECK(world.zone().boost() == NrPages{8});
}

TEST_CASE("reserves for other zones count where a boost is to make a zone short") {
  ToyReplayWorld world = four_pageblocks({0, 8});
  world.zone().set_watermarks(Watermarks{{1, 2, 4}, {7, 7, 7, 7}});
  keep_exact(world.zone());
  RecordedRelief relief(*world.memory);
  relief.learn_short(world.zone(), low_mark(world.zone()));
  CHECK(world.zone().boost() == NrPages{8});
}

TEST_CASE("a round of 6.12 goes on above the high watermark, for as many pages as the watermarks add up to") {
  KernelSnapshot snapshot = toy_snapshot("MMMM");
  add_free(snapshot, 3, Migratetype::movable, {8});
  snapshot.zones[0].watermark = {1, 2, 9};
  ToyReplayWorld world(snapshot, KernelVersion::v6_12);
  RecordedRelief relief(*world.memory);
  relief.wake_kswapd(world.zone(), PageRequest{});
  for (std::uint64_t page = 16; page < 32; ++page) {
    world.memory->free_pages(toy_page(page), Order{0}, CpuId{0});
  }
  world.memory->drain_all_pcp();
  relief.settle(Ns{0});
  CHECK(world.zone().free_pages_exact() == NrPages{24});
  CHECK(world.zone().reclaim_active());
  for (const std::uint64_t page : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U}) {
    world.memory->free_pages(toy_page(page), Order{0}, CpuId{0});
  }
  relief.settle(Ns{0});
  CHECK(world.zone().reclaim_active());  // 24 pages of 32, the least that a round asks for
}

namespace {

/** @pages single pages from @offset on are on the list of one CPU, of which a drain of reclaim leaves four. */
void cache_pages(KernelSnapshot& snapshot, std::size_t cpu, std::uint64_t offset, std::uint64_t pages) {
  PcpImage& pcp = snapshot.zones[0].pcps[cpu];
  pcp.batch = 1;
  for (std::uint64_t page = offset; page < offset + pages; ++page) {
    pcp.lists[pcp_list(Order{0}, Migratetype::movable)].push_back(toy_page(page));
  }
}

KernelSnapshot cached_pages(std::uint64_t first_cpu, std::uint64_t second_cpu) {
  KernelSnapshot snapshot = toy_snapshot("MMMM");
  add_free(snapshot, 2, Migratetype::movable, {24});
  add_free(snapshot, 1, Migratetype::movable, {28});
  cache_pages(snapshot, 0, 0, first_cpu);
  cache_pages(snapshot, 1, 12, second_cpu);
  return snapshot;
}

/** Six free pages, and as many on the lists of each of two CPUs as the arguments say. */
struct CachedPages : ToyReplayWorld {
  CachedPages(std::uint64_t first_cpu, std::uint64_t second_cpu)
      : ToyReplayWorld(cached_pages(first_cpu, second_cpu), KernelVersion::v6_12, PcpLoad::lists) {
    zone().set_watermarks(Watermarks{{1, 8, 9}, {}});
    keep_exact(zone());
  }
};

}  // namespace

TEST_CASE("what a zone had enough of was drained before, from the fullest lists and no more than it takes") {
  CachedPages world(6, 11);
  CHECK(RecordedRelief::drain_for(world.zone(), low_mark(world.zone())));
  CHECK(world.zone().free_pages_exact() == NrPages{9});
  CHECK(world.zone().pcp(CpuId{0}).count == 6);
  CHECK(world.zone().pcp(CpuId{1}).count == 8);
  CHECK_FALSE(RecordedRelief::drain_for(world.zone(), low_mark(world.zone())));
}

TEST_CASE("lists stay where not all that reclaim drains makes a zone have enough, or a late fold explains it") {
  CachedPages world(5, 5);
  CHECK_FALSE(RecordedRelief::drain_for(world.zone(), low_mark(world.zone())));
  CHECK(world.zone().free_pages_exact() == NrPages{6});
  CachedPages other(11, 11);
  other.zone().free_stat().set_threshold(2);
  CHECK_FALSE(RecordedRelief::drain_for(other.zone(), low_mark(other.zone())));
}
