// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/demand_runs.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "demand_rig.h"

using namespace gbsim;
using test::alloc;
using test::demand_of;
using test::freed;
using test::ms;

namespace {

const RunRules kRules{.cell = ms(1000)};

/** Runs of @demand, whose kinds belong to @classes. */
std::vector<DemandRun> find_runs(const RecordedDemand& demand, const std::vector<std::uint16_t>& classes,
                                 const RunRules& rules) {
  std::vector<DemandRun> runs;
  RunFinder finder(rules, [&](const DemandRun& run) { runs.push_back(run); });
  for (const RecordedAllocation& life : test::lives_of(demand)) {
    finder.add({life.born, life.born, life.died, 1, classes[life.kind]}, life.cpu,
               demand.kinds[life.kind].order.pages().value);
  }
  finder.finish();
  return runs;
}

}  // namespace

TEST_CASE("neighbours in time that die together are one run") {
  const auto demand = demand_of({alloc(ms(0), 1), alloc(ms(1), 2), alloc(ms(2), 3), freed(ms(100), 2),
                                 freed(ms(100), 1), freed(ms(101), 3)});
  const auto runs = find_runs(demand, {0}, kRules);
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].count == 3);
  CHECK(runs[0].last == ms(2));
  CHECK(runs[0].died == ms(101));
}

TEST_CASE("one that dies earlier ends the run, one that outlives the recording too") {
  const auto demand =
      demand_of({alloc(ms(0), 1), alloc(ms(1), 2), alloc(ms(2), 3), freed(ms(10), 2), freed(ms(100), 1)});
  CHECK(find_runs(demand, {0}, kRules).size() == 3);
}

TEST_CASE("runs are of one kind and one CPU, in one cell, and not too long") {
  TraceEvent other_cpu = alloc(ms(2), 3);
  other_cpu.cpu = 1;
  const auto demand =
      demand_of({alloc(ms(0), 1), alloc(ms(1), 8, 3), other_cpu, alloc(ms(3), 4), alloc(ms(1500), 5)});
  const auto runs = find_runs(demand, {0, 1}, kRules);
  REQUIRE(runs.size() == 4);
  CHECK(std::ranges::count(runs, 2U, &DemandRun::count) == 1);
  CHECK(find_runs(demand, {0, 1}, {.cell = ms(10'000)}).size() == 3);
  CHECK(find_runs(demand, {0, 1}, {.cell = ms(10'000), .longest_pages = 1}).size() == 5);
}

TEST_CASE("without clusters each allocation dies by itself") {
  const auto demand = demand_of({alloc(ms(0), 1), alloc(ms(0), 2), freed(ms(5), 1), freed(ms(5), 2)});
  CHECK(find_runs(demand, {0}, kRules).size() == 1);
  CHECK(find_runs(demand, {0}, {.cluster = false, .cell = ms(1000)}).size() == 2);
}

TEST_CASE("what reclaim took is no run with what died otherwise") {
  std::vector<DemandRun> runs;
  RunFinder finder(kRules, [&](const DemandRun& run) { runs.push_back(run); });
  finder.add({ms(0), ms(0), ms(9), 1, 0, true}, 0, 1);
  finder.add({ms(0), ms(0), ms(9), 1, 0, true}, 0, 1);
  finder.add({ms(0), ms(0), ms(9), 1, 0, false}, 0, 1);
  finder.finish();
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].count == 2);
}

TEST_CASE("old blocks run together where they lie side by side") {
  const std::vector<OldBlock> blocks{{Pfn{1}, Order{0}, ms(50)},
                                     {Pfn{2}, Order{0}, ms(51)},
                                     {Pfn{9}, Order{0}, ms(51)},
                                     {Pfn{10}, Order{0}, ms(99)}};
  const auto runs = find_old_runs(blocks, {0, 0, 0, 0}, ms(0), kRules);
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].count == 2);
}
