// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/fragmentation.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToyZone;

namespace {

constexpr std::string_view kScattered = "U.U.U.U. U.U.U.U. UUUUUUUU UUUUUUUU UUUUUUUU UUUUUUUU UUUUUUUU UUUUUUUU";


}  // namespace

TEST_CASE("free memory is summed by blocks, and larger blocks serve the wanted order several times") {
  ToyZone toy(test::ToySpec{1});
  toy.paint("U....... U...UUUU UUUUUUUU UUUUUUUU UUUUUUUU UUUUUUUU UUUUUUUU UUUUUUUU");
  const ContigInfo info = contig_info(toy.zone(), Order{1});
  CHECK(info.free_pages == 10);
  CHECK(info.free_blocks == 5);
  CHECK(info.suitable_blocks == 4);
}

TEST_CASE("fragmentation index tells lack of memory from fragmentation") {
  CHECK(fragmentation_index(ContigInfo{0, 0, 0}, Order{9}) == 0);
  CHECK(fragmentation_index(ContigInfo{1024, 3, 1}, Order{9}) == -1000);
  CHECK(fragmentation_index(ContigInfo{1024, 1024, 0}, Order{9}) == 998);
  CHECK(fragmentation_index(ContigInfo{256, 1, 0}, Order{9}) == -500);
  CHECK(fragmentation_index(ContigInfo{512, 4, 0}, Order{9}) == 500);
}

TEST_CASE("unusable index and extfrag are shares of free memory in blocks too small") {
  const ContigInfo info{1000, 100, 1};
  CHECK(unusable_index(info, Order{9}) == 488);
  CHECK(extfrag_for_order(info, Order{9}) == 48);
  CHECK(unusable_index(ContigInfo{}, Order{9}) == 1000);
  CHECK(extfrag_for_order(ContigInfo{}, Order{9}) == 0);
}

TEST_CASE("the proactive score of a zone is its extfrag at pageblock order, that of a node is weighted by size") {
  ToyZone toy(test::ToySpec{1});
  toy.paint(kScattered);
  CHECK(fragmentation_score(toy.zone()) == 100);
  CHECK(fragmentation_score(toy.memory().zones_of(NodeId{})) == 64 * 100 / 65);
}
