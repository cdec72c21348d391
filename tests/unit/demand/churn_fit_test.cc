// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/churn_fit.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "demand_rig.h"
#include "sim/demand/class_table.h"

using namespace gbsim;
using test::alloc;
using test::freed;
using test::ms;

namespace {

/** A hundred unmovable order-3 buffers and two hundred movable pages that die in pairs. */
RecordingWithMoments two_kinds() {
  DemandCollector collector;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t at = 1000 + 16 * static_cast<std::uint64_t>(i);
    collector.add(alloc(ms(10 * i), at, 3));
    collector.add(alloc(ms(10 * i + 1), at + 8, 0, Migratetype::movable));
    collector.add(alloc(ms(10 * i + 2), at + 9, 0, Migratetype::movable));
    collector.add(freed(ms(10 * i + 7), at, 3));
    collector.add(freed(ms(10 * i + 8), at + 8));
    collector.add(freed(ms(10 * i + 8), at + 9));
  }
  return {.demand = collector.finish()};
}

const FittedClass* find(const ChurnFit& fit, const std::string& name) {
  const auto found = std::ranges::find(fit.classes, name, &FittedClass::name);
  return found != fit.classes.end() ? &*found : nullptr;
}

}  // namespace

TEST_CASE("each order and type becomes a class of the rate and burst it was recorded with") {
  const ChurnFit fit = fit_churn(two_kinds(), {.cells = 1});
  CHECK(fit.allocations == 300);
  const FittedClass* buffers = find(fit, "unmovable-order3");
  REQUIRE(buffers != nullptr);
  CHECK(buffers->gfp == "KERNEL");
  CHECK(buffers->phases.front().allocations_per_second == doctest::Approx(100).epsilon(0.05));
  const FittedClass* pages = find(fit, "movable-order0");
  REQUIRE(pages != nullptr);
  CHECK(pages->burst == std::vector<double>{2});
  CHECK(pages->spacing == ms(1));
}

TEST_CASE("without clusters bursts are of one") {
  const ChurnFit fit = fit_churn(two_kinds(), {.cluster = false, .cells = 1});
  CHECK(find(fit, "movable-order0")->burst == std::vector<double>{1});
}

TEST_CASE("what was there before the recording is there from the beginning, dying or staying") {
  RecordingWithMoments recording = two_kinds();
  recording.demand.old_blocks = {{Pfn{1}, Order{0}, ms(30)}, {Pfn{2}, Order{0}, ms(30)}, {Pfn{5}, Order{0}, ms(90)}};
  recording.old.dying.assign(3, Migratetype::movable);
  recording.old.stays = {NrPages{2048}, NrPages{}, NrPages{}};
  const ChurnFit fit = fit_churn(recording, {});
  const FittedClass* stays = find(fit, "stays-unmovable");
  REQUIRE(stays != nullptr);
  CHECK(stays->initial * static_cast<std::uint64_t>(stays->burst.front()) == 2048);
  CHECK(stays->initial_life.empty());
  const FittedClass* old = find(fit, "old-movable-order0");
  REQUIRE(old != nullptr);
  CHECK(old->initial > 0);
  CHECK_FALSE(old->initial_life.empty());
}

TEST_CASE("anonymous memory that went to swap is a class of its own, left to reclaim") {
  DemandCollector collector;
  for (int i = 0; i < 100; ++i) {
    TraceEvent anon = alloc(ms(10 * i), static_cast<std::uint64_t>(i), 0, Migratetype::movable);
    anon.gfp = 0x140dca;  // GFP_HIGHUSER_MOVABLE|__GFP_ZERO
    collector.add(anon);
  }
  for (int i = 0; i < 100; ++i) {
    collector.add(freed(ms(1000 + i), static_cast<std::uint64_t>(i)));
  }
  RecordingWithMoments recording;
  recording.demand = collector.finish();
  recording.swapping.add(ms(1049) + Ns{1}, 1);
  recording.swapping.add(ms(2000), 0);
  const ChurnFit fit = fit_churn(recording, {.cluster = false});
  REQUIRE(find(fit, "movable-order0-swap") != nullptr);
  CHECK(find(fit, "movable-order0-swap")->left_to_reclaim);
  CHECK(find(fit, "movable-order0-swap")->lru == kAnonList);
  CHECK_FALSE(find(fit, "movable-order0")->left_to_reclaim);
}

TEST_CASE("page cache that reclaim took is a class of its own, left to reclaim") {
  RecordingWithMoments recording = two_kinds();
  recording.reclaim.add(ms(500), 1);
  const ChurnFit fit = fit_churn(recording, {.cells = 1});
  const FittedClass* cache = find(fit, "movable-order0-cache");
  REQUIRE(cache != nullptr);
  CHECK(cache->left_to_reclaim);
  CHECK(cache->phases.front().allocations_per_second == doctest::Approx(100).epsilon(0.05));
  CHECK_FALSE(find(fit, "movable-order0")->left_to_reclaim);
  CHECK(find(fit, "unmovable-order3-cache") == nullptr);
}

TEST_CASE("page cache that reclaim passed over is on the active list") {
  DemandCollector collector;
  const auto cache = [](Ns time, std::uint64_t pfn) { return alloc(time, pfn, 0, Migratetype::movable); };
  for (std::uint64_t i = 0; i < 100; ++i) {
    collector.add(cache(ms(static_cast<std::int64_t>(i)), i));
  }
  for (std::uint64_t i = 0; i < 100; ++i) {
    collector.add(cache(ms(200 + static_cast<std::int64_t>(i)), 100 + i));
  }
  for (std::uint64_t i = 0; i < 100; ++i) {
    collector.add(freed(ms(500 + static_cast<std::int64_t>(i)), 100 + i));
  }
  collector.add(alloc(ms(1000), 999));
  RecordingWithMoments recording;
  recording.demand = collector.finish();
  recording.reclaim.add(ms(700), 1);
  const ChurnFit fit = fit_churn(recording, {.cells = 10});
  CHECK(find(fit, "movable-order0-cache")->lru == kPageCacheList);
  CHECK(find(fit, "movable-order0")->lru == list_of_used(kPageCacheList));
}

TEST_CASE("what reclaim has left when the page cache is dropped ends then") {
  DemandCollector collector;
  for (std::uint64_t i = 0; i < 200; ++i) {
    collector.add(alloc(ms(static_cast<std::int64_t>(i)), i, 0, Migratetype::movable));
  }
  for (std::uint64_t i = 0; i < 200; ++i) {
    collector.add(freed(ms(i < 100 ? 300 + static_cast<std::int64_t>(i) : 750), i));
  }
  collector.add(alloc(ms(1000), 999));
  RecordingWithMoments recording;
  recording.demand = collector.finish();
  recording.reclaim.add(ms(500), 1);
  recording.reclaim.add(ms(1000), 0);
  recording.drops = {{ms(700), ms(800)}};
  const ChurnFit fit = fit_churn(recording, {.cells = 10});
  const FittedClass* cache = find(fit, "movable-order0-cache");
  REQUIRE(cache != nullptr);
  REQUIRE_FALSE(cache->phases.front().ends.empty());
  CHECK(cache->phases.front().ends.back() == ms(750));
}

TEST_CASE("an empty demand has a fit of no classes") {
  CHECK(fit_churn(RecordingWithMoments{}, {}).classes.empty());
}
