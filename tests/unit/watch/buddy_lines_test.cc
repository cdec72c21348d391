// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/buddy_lines.h"

#include <doctest/doctest.h>

#include "sim/metrics/proc_format.h"

using namespace gbsim;

namespace {

/** A zone with @low free blocks of order 0, in two types, and one of the highest. */
ZoneSample zone(std::string name, std::uint64_t low) {
  ZoneSample result;
  result.name = std::move(name);
  result.free_blocks.resize(11);
  result.free_blocks[0][index(Migratetype::movable)] = low - 1;
  result.free_blocks[0][index(Migratetype::unmovable)] = 1;
  result.free_blocks[10][index(Migratetype::movable)] = 1;
  return result;
}

}  // namespace

TEST_CASE("a wide terminal shows /proc/buddyinfo byte for byte") {
  const std::vector zones{zone("DMA32", 12), zone("Normal", 3456)};
  const auto lines = buddy_lines(zones, 99);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].text() + "\n" + lines[2].text() + "\n" == buddyinfo(zones));
  CHECK(lines[0].width() == lines[1].width());
}

TEST_CASE("a narrow terminal shows the same counts in narrow columns") {
  const auto lines = buddy_lines(std::vector{zone("DMA32", 12), zone("Normal", 3456)}, 98);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].text() == "order         0 1 2 3 4 5 6 7 8 9 10");
  CHECK(lines[1].text() == "0 DMA32      12 0 0 0 0 0 0 0 0 0  1");
  CHECK(lines[2].text() == "0 Normal   3456 0 0 0 0 0 0 0 0 0  1");
}

TEST_CASE("no zones, no lines") {
  CHECK(buddy_lines({}, 80).empty());
}
