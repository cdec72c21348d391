// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/recording_moments.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

namespace {

/** Four pageblocks of 512 pages, the first unmovable; one free block of order 9 and one page. */
KernelSnapshot small_snapshot() {
  ZoneImage zone;
  zone.start = Pfn{0};
  zone.spanned = zone.present = zone.managed = NrPages{2048};
  zone.orders.pageblock = Order{9};
  zone.pageblocks = {Migratetype::unmovable, Migratetype::movable, Migratetype::movable, Migratetype::reclaimable};
  zone.free[9][index(Migratetype::movable)] = {Pfn{1024}};
  zone.free[0][index(Migratetype::unmovable)] = {Pfn{7}};
  KernelSnapshot snapshot;
  snapshot.time = ms(50);
  snapshot.zones = {zone};
  return snapshot;
}

}  // namespace

TEST_CASE("a snapshot tells free blocks by order and what pageblocks of each type hold") {
  const MemoryMoment moment = moment_of(small_snapshot(), {}, ms(10));
  CHECK(moment.time == ms(40));
  CHECK(moment.managed == NrPages{2048});
  CHECK(moment.free_blocks[9] == 1);
  CHECK(moment.free() == NrPages{513});
  CHECK(moment.held[index(Migratetype::unmovable)] == NrPages{511});
  CHECK(moment.held[index(Migratetype::movable)] == NrPages{512});
  CHECK(moment.held[index(Migratetype::reclaimable)] == NrPages{512});
}

TEST_CASE("a pageblock is mixed if it holds a known block of another type") {
  const std::vector<LiveBlock> live{{Pfn{600}, Order{0}, Migratetype::unmovable},
                                    {Pfn{601}, Order{0}, Migratetype::unmovable},
                                    {Pfn{3}, Order{0}, Migratetype::unmovable},
                                    {Pfn{1600}, Order{2}, Migratetype::movable}};
  CHECK(*moment_of(small_snapshot(), live, ms(0)).mixed_share == doctest::Approx(0.5));
}

TEST_CASE("where places are drawn mixing is unknown") {
  KernelSnapshot snapshot = small_snapshot();
  snapshot.zones[0].is_drawn = true;
  CHECK_FALSE(moment_of(snapshot, {}, ms(0)).mixed_share.has_value());
}

TEST_CASE("other types of pageblocks stand for the request type they serve") {
  CHECK(demand_type(Migratetype::cma) == index(Migratetype::movable));
  CHECK(demand_type(Migratetype::highatomic) == index(Migratetype::unmovable));
  CHECK(demand_type(Migratetype::reclaimable) == index(Migratetype::reclaimable));
}

TEST_CASE("kernels before 6.12 follow the rules of 6.1, unknown ones the newest") {
  CHECK(rules_of_release("6.1.0-56-amd64") == "6.1");
  CHECK(rules_of_release("5.15.0") == "6.1");
  CHECK(rules_of_release("6.12.117+deb12-amd64") == "6.12");
  CHECK(rules_of_release("7.0") == "6.12");
  CHECK(rules_of_release("") == "6.12");
}
