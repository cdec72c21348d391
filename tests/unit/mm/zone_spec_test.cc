// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/zone_spec.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;

TEST_CASE("holes and boot-time memory of a zone are never handed out") {
  Tunables tunables;
  const Clock clock;
  CostTable costs;
  ZoneSpec spec;
  spec.start = Pfn{1024};
  spec.spanned = NrPages{64};
  spec.orders = ZoneOrders{Order{4}, Order{3}, Order{6}};
  spec.holes = {{Pfn{1024 + 20}, NrPages{12}}};
  spec.reserved = {{Pfn{1024}, NrPages{3}}};
  Memory memory({spec}, 1, tunables, clock, costs);
  CHECK(memory.zone(0).present() == NrPages{52});
  CHECK(memory.zone(0).managed() == NrPages{49});
  CHECK(draw(memory.zone(0), memory.folios()) ==
        "###..... ........ ....#### ######## ........ ........ ........ ........");
  check_memory(memory);
}
