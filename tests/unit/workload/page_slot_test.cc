// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/page_slot.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("a slot is absent, a folio or a shadow") {
  CHECK(PageSlot{}.absent());
  CHECK(PageSlot::of(FolioId{0}).is_folio());
  CHECK(PageSlot::of(FolioId{12345}).folio() == FolioId{12345});
  CHECK(PageSlot::of(FolioId{7}).shadow() == 0);
  CHECK(PageSlot::evicted(0x81U).is_shadow());
  CHECK(PageSlot::evicted(0x81U).shadow() == 0x81U);
}

TEST_CASE("runs of slots are reused and come back absent") {
  SlotPool pool(Order{2});
  const std::uint32_t first = pool.acquire();
  const std::uint32_t second = pool.acquire();
  CHECK(first != second);
  pool[pool.position(first, 3)] = PageSlot::of(FolioId{1});
  pool.release(first);
  CHECK(pool.runs_in_use() == 1);
  CHECK(pool.acquire() == first);
  CHECK(pool[pool.position(first, 3)].absent());
  CHECK(pool.run_of(pool.position(second, 2)) == second);
  CHECK(pool.offset_of(pool.position(second, 2)) == 2);
}
