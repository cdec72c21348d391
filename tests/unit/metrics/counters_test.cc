// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/counters.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("every counter is relative to the baseline") {
  Counters before;
  before.allocs = 10;
  before.page_frees = 3;
  before.orders = {{5, 1}};
  before.cpu[CpuUser::kswapd] = Ns{100};
  before.extfrag.events[0][0][1] = 2;
  before.hugepages_1g.requested = 1;
  before.search.picks = 4;
  before.search.steps = {{"take_preferred", 3}, {"steal", 1}};
  before.vmstat = {{"pgfree", 3}};
  Counters now = before;
  now.allocs = 25;
  now.page_frees = 9;
  now.orders = {{8, 1}, {2, 2}};
  now.cpu[CpuUser::kswapd] = Ns{150};
  now.extfrag.events[0][0][1] = 7;
  now.hugepages_1g.requested = 3;
  now.search.picks = 5;
  now.search.steps = {{"take_preferred", 10}, {"steal", 1}};
  now.vmstat = {{"pgfree", 9}};

  const Counters relative = since(now, before);
  CHECK(relative.allocs == 15);
  CHECK(relative.page_frees == 6);
  CHECK(relative.orders[0].attempts == 3);
  CHECK(relative.orders[0].failures == 0);
  CHECK(relative.orders[1].failures == 2);
  CHECK(relative.cpu[CpuUser::kswapd] == Ns{50});
  CHECK(relative.extfrag.count(ExtfragAction::claim, Migratetype::unmovable, Migratetype::movable) == 5);
  CHECK(relative.hugepages_1g.requested == 2);
  CHECK(relative.search.picks == 1);
  CHECK(relative.search.steps[0].second == 7);
  CHECK(relative.search.steps[1].second == 0);
  CHECK(vmstat_value(relative.vmstat, "pgfree") == 6);
}

TEST_CASE("without a baseline counters stay as taken") {
  Counters now;
  now.allocs = 4;
  now.vmstat = {{"pgfree", 9}};
  CHECK(since(now, Counters{}).allocs == 4);
  CHECK(vmstat_value(since(now, Counters{}).vmstat, "pgfree") == 9);
}

TEST_CASE("a vmstat name that is not counted reads as zero") {
  CHECK(vmstat_value({}, "pgfree") == 0);
}

TEST_CASE("vmstat states stay absolute, vmstat counters are relative") {
  Counters before;
  before.vmstat = {{"nr_dirty", 70}, {"nr_dirtied", 5}, {"workingset_nodes", 9}};
  Counters now;
  now.vmstat = {{"nr_dirty", 50}, {"nr_dirtied", 8}, {"workingset_nodes", 7}};
  const Counters relative = since(now, before);
  CHECK(vmstat_value(relative.vmstat, "nr_dirty") == 50);
  CHECK(vmstat_value(relative.vmstat, "nr_dirtied") == 3);
  CHECK(vmstat_value(relative.vmstat, "workingset_nodes") == 7);
}
