// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/invariants.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToyZone;

namespace {

class Owner : public FolioOwner {
 public:
  std::string_view name() const override { return "owner"; }
  void on_evicted(FolioId, const Folio&) override {}
};

}  // namespace

TEST_CASE("a wrong pageblock counter is named") {
  ToyZone toy;
  toy.paint("UU..");
  ++toy.zone().pageblock(toy.first()).movable;
  CHECK_THROWS_WITH_AS(toy.check(), doctest::Contains("pageblock.movable is 1, recounted 0"), InvariantViolation);
}

TEST_CASE("a wrong free counter is named") {
  ToyZone toy;
  toy.zone().account_free(1, Migratetype::movable);
  CHECK_THROWS_WITH_AS(toy.check(), doctest::Contains("NR_FREE_PAGES"), InvariantViolation);
}

TEST_CASE("a folio that its page does not know is named") {
  ToyZone toy;
  Owner owner;
  const OwnerId id = toy.memory().folios().register_owner(owner);
  toy.paint("M");
  const FolioId folio = toy.memory().attach_folio(toy.first(), Order{0}, Migratetype::movable, id, 0);
  toy.check();
  toy.memory().folios()[folio].pfn = toy.at(5);
  CHECK_THROWS_AS(toy.check(), InvariantViolation);
}

TEST_CASE("a folio that claims an LRU list it is not on is found") {
  ToyZone toy;
  Owner owner;
  const OwnerId id = toy.memory().folios().register_owner(owner);
  toy.paint("M");
  const FolioId folio = toy.memory().attach_folio(toy.first(), Order{0}, Migratetype::movable, id, 0);
  toy.memory().folios()[folio].lru = LruList::active_file;
  CHECK_THROWS_AS(toy.check(), InvariantViolation);
}
