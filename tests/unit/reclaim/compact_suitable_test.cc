// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compact_suitable.h"

#include <doctest/doctest.h>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;

namespace {

bool suitable(FolioWorld& world, unsigned order, std::uint64_t mark = 0) {
  return compaction_suitable(world.zone(), Order{order}, NrPages{mark}, ZoneType::normal, world.toy.tunables());
}

bool has_room(FolioWorld& world, unsigned order, std::uint64_t mark, std::uint64_t free) {
  return has_room_to_compact(world.zone(), Order{order}, NrPages{mark}, ZoneType::normal, NrPages{free});
}

std::string scattered(int pages) {
  std::string drawing;
  for (int i = 0; i < pages / 2; ++i) {
    drawing += "M.";
  }
  return drawing;
}

}  // namespace

TEST_CASE("compaction needs twice the block above the watermark to move pages about") {
  FolioWorld world;
  world.paint(scattered(64));
  CHECK(suitable(world, 3));
  CHECK_FALSE(suitable(world, 3, 16));
  CHECK(has_room(world, 3, 16, 33));
  CHECK_FALSE(has_room(world, 3, 16, 32));
}

TEST_CASE("costly orders need the distance from the min to the low watermark on top") {
  FolioWorld world(test::ToySpec{4, 8, 6});
  Watermarks marks;
  marks.mark = {10, 14, 18};
  world.zone().set_watermarks(marks);
  CHECK(has_room(world, 3, 10, 10 + 16 + 1));
  CHECK(has_room(world, 4, 10, 10 + 32 + 4 + 1));
  CHECK_FALSE(has_room(world, 4, 10, 10 + 32 + 4));
}

TEST_CASE("costly orders are compacted for only where fragmentation is to blame") {
  FolioWorld world(test::ToySpec{4, 8, 6});
  world.paint(scattered(1024));
  CHECK(suitable(world, 6));
  world.toy.tunables().extfrag_threshold = 1000;
  CHECK_FALSE(suitable(world, 6));
}
