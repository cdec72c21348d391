// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/gigablock_listener.h"

#include <doctest/doctest.h>

#include <vector>

#include "sim/mm/page_view.h"
#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

class Heard : public GigablockListener {
 public:
  void gigablock_refiled(const Zone&, GigablockId id) override { refiled.push_back(id.value); }
  void taken_from_tainted(const Zone&, GigablockId) override {}
  void tainted_exhausted(const Zone&) override {}

  std::vector<std::uint32_t> refiled;
};

}  // namespace

TEST_CASE("a listener hears when a gigablock changes its category, not of every page") {
  ToyZone toy(ToySpec{.gigablocks = 2, .placement = PlacementKind::gigablock_bitmap});
  toy.paint("");
  Heard heard;
  Zone& zone = toy.zone();
  zone.set_gigablock_listener(&heard);
  zone.take_block(toy.at(0), Order{4}, Order{0}, Migratetype::movable);
  CHECK(zone.view(toy.at(0)).kind == PageKind::tail);
  CHECK(heard.refiled == std::vector<std::uint32_t>{0});
  zone.take_block(toy.at(1), Order{0}, Order{0}, Migratetype::movable);
  zone.set_raw(toy.at(1), Order{0}, Migratetype::movable, true);
  CHECK(heard.refiled.size() == 1);
  zone.set_raw(toy.at(0), Order{0}, Migratetype::unmovable, false);
  CHECK(heard.refiled == std::vector<std::uint32_t>{0, 0});
}
