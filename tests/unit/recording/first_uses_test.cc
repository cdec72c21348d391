// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/first_uses.h"

#include <doctest/doctest.h>

#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;

}  // namespace

TEST_CASE("the first event of a page tells how it was, and later ones tell nothing more") {
  FirstUses uses;
  CHECK_FALSE(uses.any());
  uses.note(toy_event(EventKind::zone_locked, 4, 1, kU));
  CHECK(uses.any());
  uses.note(toy_event(EventKind::free, 4, 0, kM));
  CHECK(uses.was_free(toy_page(4)));
  CHECK(uses.was_free(toy_page(5)));
  CHECK_FALSE(uses.was_in_use(toy_page(4)));
  CHECK(uses.type(toy_page(5)) == kU);
  uses.note(toy_event(EventKind::free, 8, 0, kM));
  uses.note(toy_event(EventKind::zone_locked, 8, 0, kM));
  CHECK(uses.was_in_use(toy_page(8)));
  CHECK_FALSE(uses.type(toy_page(8)));
}

TEST_CASE("where nothing shows what leaves free lists, what is handed out was on one") {
  FirstUses uses;
  uses.note(toy_event(EventKind::alloc, 1, 0, kM));
  CHECK(uses.was_free(toy_page(1)));
  CHECK_FALSE(uses.was_in_use(toy_page(1)));
}

TEST_CASE("pages on per-CPU lists were on no free list, whether they go out or return") {
  FirstUses uses;
  uses.note(toy_event(EventKind::zone_locked, 9, 0, kM));
  uses.note(toy_event(EventKind::alloc, 1, 0, kM));
  uses.note(toy_event(EventKind::pcpu_drain, 2, 0, kM));
  CHECK(uses.was_in_use(toy_page(1)));
  CHECK(uses.was_in_use(toy_page(2)));
  CHECK(uses.type(toy_page(2)) == kM);
}

TEST_CASE("a page that a fallback takes lay on the other type's list, and attempts that failed tell nothing") {
  FirstUses uses;
  uses.note(toy_fallback(6, 0, kU, 3, kM, false));
  CHECK(uses.type(toy_page(6)) == kM);
  TraceEvent failed = toy_event(EventKind::zone_locked, 7, 0, kU);
  failed.has_pfn = false;
  uses.note(failed);
  CHECK_FALSE(uses.was_free(toy_page(7)));
  CHECK_FALSE(uses.was_in_use(toy_page(7)));
}
