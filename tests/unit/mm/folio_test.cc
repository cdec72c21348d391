// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/folio.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("ids of dead folios are used again, last freed first") {
  FolioTable folios;
  const FolioId a = folios.create();
  const FolioId b = folios.create();
  folios.destroy(a);
  folios.destroy(b);
  CHECK_FALSE(folios.is_live(a));
  CHECK(folios.live() == 0);
  CHECK(folios.create() == b);
  CHECK(folios.create() == a);
  CHECK(folios.is_live(a));
  CHECK_FALSE(folios.is_live(FolioId{99}));
}

TEST_CASE("folio flags are set and cleared one by one") {
  Folio folio;
  folio.set(kDirty);
  folio.set(kPinned);
  folio.clear(kDirty);
  CHECK(folio.has(kPinned));
  CHECK_FALSE(folio.has(kDirty));
}
