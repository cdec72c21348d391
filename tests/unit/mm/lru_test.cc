// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/lru.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("an LRU list gives back the oldest first and counts base pages") {
  FolioTable folios;
  LruVec lru(folios);
  const FolioId old = folios.create();
  const FolioId fresh = folios.create();
  folios[old].order = Order{9};
  lru.add_head(old, LruList::inactive_file);
  lru.add_head(fresh, LruList::inactive_file);
  CHECK(lru.tail(LruList::inactive_file) == old.value);
  CHECK(lru.size(LruList::inactive_file) == NrPages{513});
  lru.remove(old);
  CHECK(lru.tail(LruList::inactive_file) == fresh.value);
  CHECK(lru.nr_folios(LruList::inactive_file) == 1);
  CHECK(folios[old].lru == LruList::none);
}

TEST_CASE("a folio may take another's place in its list") {
  FolioTable folios;
  LruVec lru(folios);
  const FolioId a = folios.create();
  const FolioId b = folios.create();
  const FolioId middle = folios.create();
  lru.add_tail(a, LruList::active_anon);
  lru.add_tail(b, LruList::active_anon);
  lru.insert_before(middle, LruList::active_anon, b.value);
  CHECK(folios[a].next == middle.value);
  CHECK(folios[middle].next == b.value);
  CHECK(folios[b].prev == middle.value);
}
