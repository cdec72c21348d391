// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/trace.h"

#include <doctest/doctest.h>

#include <string>

#include "toy_zone.h"

using namespace gbsim;

TEST_CASE("fallback events are counted by action and type pair") {
  ExtfragCounts counts;
  ExtfragEvent event{Pfn{1}, Order{0}, Order{3}, Migratetype::unmovable, Migratetype::movable};
  event.action = ExtfragAction::pollute;
  counts.add(event, Order{9});
  event.action = ExtfragAction::claim;
  event.fallback_order = Order{10};
  counts.add(event, Order{9});
  CHECK(counts.total() == 2);
  CHECK(counts.fragmenting == 1);
  CHECK(counts.unmovable_into_movable() == 2);
  CHECK(counts.count(ExtfragAction::pollute, Migratetype::unmovable, Migratetype::movable) == 1);
  CHECK(counts.count(ExtfragAction::pollute, Migratetype::movable, Migratetype::unmovable) == 0);
}

namespace {

/** Notes what pageblocks begin and cease to hold. */
class Taints : public TraceSink {
 public:
  void zone_locked(Pfn, Order, Migratetype, bool) override {}
  void pcpu_drain(Pfn, Order, Migratetype) override {}
  void extfrag(const ExtfragEvent&) override {}
  void page_freed(Pfn, Order) override { ++freed; }
  void pageblock_tainted(Pfn, Migratetype type, bool holds, bool first_or_last) override {
    if (type == Migratetype::unmovable) {
      heard += holds ? "set" : "clear";
      heard += first_or_last ? "! " : " ";
    }
  }
  std::string heard;
  int freed = 0;
};

}  // namespace

TEST_CASE("a sink hears when a pageblock begins to hold a type and when the last such page goes, not of every page") {
  test::ToyZone toy({.gigablocks = 2, .gigablock_order = 4, .pageblock_order = 2,
                     .placement = PlacementKind::gigablock_bitmap});
  Zone& zone = toy.zone();
  Taints taints;
  toy.paint("UU.. U... .... ....", "UU");
  toy.memory().set_trace(&taints);
  toy.memory().free_pages(toy.at(0), Order{0}, CpuId{});
  toy.memory().free_pages(toy.at(1), Order{0}, CpuId{});
  toy.memory().free_pages(toy.at(4), Order{0}, CpuId{});
  toy.memory().drain_all_pcp();
  CHECK(taints.freed == 3);
  CHECK(taints.heard == "clear clear! ");
  CHECK(zone.gigablocks()->counts(GigablockId{0}).unmovable == 0);
  toy.memory().set_trace(nullptr);
}
