// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/churn.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <utility>
#include <vector>

#include "sim/workload/models.h"
#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

using Setting = std::pair<const char*, const char*>;

void set_all(Params& row, std::initializer_list<Setting> settings) {
  for (const auto& [key, value] : settings) {
    CAPTURE(key);
    REQUIRE_FALSE(row.set(key, value));
  }
}

/** Parameters with one class that differs from its defaults by @settings, and its phases. */
Params one_class(std::initializer_list<Setting> settings,
                 std::initializer_list<std::initializer_list<Setting>> phases = {}) {
  Params params(churn_model().params);
  Params row(params.find("classes")->items);
  set_all(row, settings);
  std::vector<Params> rows;
  for (const auto& phase : phases) {
    rows.emplace_back(row.find("phases")->items);
    set_all(rows.back(), phase);
  }
  row.set_list("phases", std::move(rows));
  params.set_list("classes", {row});
  return params;
}

}  // namespace

TEST_CASE("churn reaches rate times lifetime and gives everything back") {
  Rig rig;
  const std::uint64_t before = rig.allocated();
  ChurnModel churn("churn", one_class({{"rate", "20k/s"}, {"life", "exponential 100ms"}, {"order", "fixed 1"}}), 0.5,
                   rig.host);
  rig.run(churn, std::chrono::seconds{1});
  CHECK(churn.pages().value == doctest::Approx(2000).epsilon(0.1));
  CHECK(churn.refused() == 0);
  check_memory(rig.memory);
  churn.stop();
  CHECK(rig.allocated() == before);
}

TEST_CASE("the same seed makes the same pages, another seed others") {
  const auto pages = [](std::uint64_t seed) {
    Rig rig(64, {}, seed);
    ChurnModel churn("churn", one_class({{"life", "exponential 100ms"}, {"burst", "uniform 1 9"}}), 1, rig.host);
    rig.run(churn, std::chrono::seconds{1});
    return std::pair{churn.pages(), rig.vm(VmEvent::pgfree)};
  };
  CHECK(pages(1) == pages(1));
  CHECK(pages(1) != pages(2));
}

TEST_CASE("a refused order falls back, to one block or to the whole size") {
  for (const bool whole : {false, true}) {
    CAPTURE(whole);
    Rig rig;
    rig.fragment(2000);
    ChurnModel churn("churn",
                     one_class({{"order", "fixed 3"}, {"gfp", "NOWAIT"}, {"fallback_order", "0"}, {"rate", "1k/s"},
                                {"fallback_whole", whole ? "yes" : "no"}, {"life", "fixed 10s"}}),
                     1, rig.host);
    rig.run(churn, std::chrono::milliseconds{100});
    const std::uint64_t refused = rig.allocator.stats().failures(Order{3});
    CHECK(refused > 50);
    CHECK(churn.pages() == NrPages{refused * (whole ? 8 : 1)});
    churn.stop();
  }
}

TEST_CASE("refused without a fallback means given up") {
  Rig rig;
  rig.fragment(100);
  ChurnModel churn("churn", one_class({{"order", "fixed 3"}, {"gfp", "NOWAIT"}}), 1, rig.host);
  rig.run(churn, std::chrono::milliseconds{100});
  CHECK(churn.pages() == NrPages{0});
  CHECK(churn.refused() > 0);
}

TEST_CASE("reclaimable and pinned allocations are what they say") {
  Rig rig;
  ChurnModel churn("churn",
                   one_class({{"type", "reclaimable"}, {"gfp", "KERNEL"}, {"pinned", "100%"}, {"life", "forever"}}), 1,
                   rig.host);
  rig.run(churn, std::chrono::milliseconds{200});
  std::uint64_t reclaimable = 0;
  std::uint64_t pinned = 0;
  for (std::size_t i = 0; i < rig.memory.zone(0).nr_pageblocks(); ++i) {
    reclaimable += rig.memory.zone(0).pageblock_at(i).reclaimable;
    pinned += rig.memory.zone(0).pageblock_at(i).pinned;
  }
  CHECK(reclaimable == churn.pages().value);
  CHECK(pinned == churn.pages().value);
  churn.stop();
}

TEST_CASE("caps hold, and reclaim may take what is on its lists") {
  Rig rig;
  ChurnModel churn("churn",
                   one_class({{"life", "forever"}, {"lru", "inactive_file"}, {"cap", "10%"}, {"rate", "50k/s"}}), 1,
                   rig.host);
  rig.run(churn, std::chrono::seconds{1});
  CHECK(churn.pages().value == rig.memory.managed().value / 10);
  rig.reclaim.drop_caches(CpuId{0});
  CHECK(churn.pages() == NrPages{0});
  churn.stop();
  check_memory(rig.memory);
}

TEST_CASE("a spaced burst comes over time and dies together") {
  Rig rig;
  ChurnModel churn("churn",
                   one_class({{"rate", "100/s"}, {"burst", "fixed 10"}, {"spacing", "fixed 20ms"},
                              {"dies_together", "yes"}, {"life", "fixed 100ms"}}),
                   1, rig.host);
  rig.run(churn, std::chrono::seconds{2});
  // 100 bursts a second of 10 pages that live for 100 ms and, on average, half of the 200 ms the burst takes.
  CHECK(churn.pages().value == doctest::Approx(200).epsilon(0.35));
  churn.stop();
  CHECK(churn.pages() == NrPages{0});
}

TEST_CASE("rates swing over the day") {
  const auto arrivals = [](const char* phase) {
    Rig rig;
    Params params = one_class({{"life", "fixed 1ms"}});
    params.set("day.amplitude", "90%");
    params.set("day.phase", phase);
    ChurnModel churn("churn", params, 1, rig.host);
    rig.run(churn, std::chrono::seconds{1});
    return static_cast<double>(rig.allocator.stats().attempts(Order{0}));
  };
  CHECK(arrivals("25%") == doctest::Approx(1900).epsilon(0.1));
  CHECK(arrivals("75%") == doctest::Approx(100).epsilon(0.4));
}

TEST_CASE("what exists from the beginning is there before the first window, and lives by its own law") {
  Rig rig;
  ChurnModel churn(
      "churn", one_class({{"initial", "500"}, {"rate", "0/s"}, {"order", "fixed 1"}, {"life", "fixed 50ms"}}), 2,
      rig.host);
  churn.start();
  CHECK(churn.pages() == NrPages{2000});
  rig.run(churn, std::chrono::milliseconds{100});
  CHECK(churn.pages() == NrPages{0});
}

TEST_CASE("phases have rates and lives of their own, and a round of them allocates the same every time") {
  Rig rig;
  ChurnModel churn("churn", one_class({}, {{{"lasts", "100ms"}, {"rate", "10k/s"}, {"life", "fixed 10s"}},
                                           {{"lasts", "300ms"}, {"rate", "1k/s"}, {"life", "fixed 1ms"}}}),
                   1, rig.host);
  churn.start();
  rig.run(churn, std::chrono::milliseconds{400});
  CHECK(churn.pages().value == doctest::Approx(1000).epsilon(0.005));
  CHECK(rig.allocator.stats().attempts(Order{0}) == doctest::Approx(1300).epsilon(0.005));
  rig.run(churn, std::chrono::milliseconds{400});
  CHECK(churn.pages().value == doctest::Approx(2000).epsilon(0.005));
}

namespace {

std::uint64_t migratable_pages(const Memory& memory) {
  const Zone& zone = memory.zone(0);
  std::uint64_t pages = 0;
  for (Pfn at = zone.start(); at < zone.end(); at += zone.orders().pageblock.pages()) {
    pages += zone.pageblock(at).migratable;
  }
  return pages;
}

}  // namespace

TEST_CASE("what joins an LRU list can be migrated, though its request was for unmovable pages") {
  for (const auto& [list, moves] : {std::pair{"inactive_file", true}, {"none", false}}) {
    Rig rig;
    const std::uint64_t before = migratable_pages(rig.memory);
    ChurnModel churn("churn", one_class({{"type", "unmovable"}, {"gfp", "NOFS"}, {"lru", list}, {"life", "forever"}}),
                     1, rig.host);
    rig.run(churn, std::chrono::milliseconds{100});
    REQUIRE(churn.pages().value > 0);
    CHECK(migratable_pages(rig.memory) - before == (moves ? churn.pages().value : 0));
  }
}
