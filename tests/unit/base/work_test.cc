// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/work.h"

#include <doctest/doctest.h>

#include <set>

using namespace gbsim;

TEST_CASE("every kind of work has a price, a name of its own and a source") {
  std::set<std::string_view> names;
  for (const CostEntry& entry : default_costs()) {
    CAPTURE(entry.name);
    CHECK(entry.cost > Ns{0});
    CHECK_FALSE(entry.source.empty());
    CHECK(names.insert(entry.name).second);
    CHECK(CostTable{}.of(entry.kind) == entry.cost);
  }
}

TEST_CASE("a meter adds up prices and counts units") {
  CostTable costs;
  costs.set(WorkKind::zero_page, Ns{100});
  WorkMeter meter(costs);
  meter.charge(WorkKind::zero_page, 512);
  meter.charge_time(Ns{7});
  CHECK(meter.spent() == Ns{51'207});
  CHECK(meter.units(WorkKind::zero_page) == 512);
  CHECK(meter.units(WorkKind::fault) == 0);
}

TEST_CASE("a changed price counts from then on") {
  CostTable costs;
  costs.set(WorkKind::zone_lock, Ns{20});
  WorkMeter meter(costs);
  meter.charge(WorkKind::zone_lock);
  costs.set(WorkKind::zone_lock, Ns{300});
  meter.charge(WorkKind::zone_lock);
  CHECK(meter.spent() == Ns{320});
}
