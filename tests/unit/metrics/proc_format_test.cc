// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/proc_format.h"

#include <doctest/doctest.h>

#include <vector>

using namespace gbsim;

namespace {

constexpr std::size_t kUnmovable = index(Migratetype::unmovable);
constexpr std::size_t kMovable = index(Migratetype::movable);
constexpr std::size_t kReclaimable = index(Migratetype::reclaimable);

ZoneSample zone(std::string name, std::array<std::uint64_t, kNrMigratetypes> pageblocks) {
  ZoneSample result;
  result.name = std::move(name);
  result.pageblock_order = Order{9};
  result.pageblocks = pageblocks;
  result.free_blocks.resize(11);
  return result;
}

void set(ZoneSample& zone, std::size_t type, std::array<std::uint64_t, 11> by_order) {
  for (std::size_t order = 0; order < by_order.size(); ++order) {
    zone.free_blocks[order][type] = by_order[order];
  }
}

/** The state of a Linux 6.1 guest of 4 GiB, ten seconds after boot. */
std::vector<ZoneSample> recorded() {
  ZoneSample dma = zone("DMA", {1, 7, 0, 0, 0, 0});
  set(dma, kUnmovable, {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0});
  set(dma, kMovable, {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3});
  ZoneSample dma32 = zone("DMA32", {22, 1504, 2, 0, 0, 0});
  set(dma32, kUnmovable, {1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0});
  set(dma32, kMovable, {0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 529});
  set(dma32, kReclaimable, {0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0});
  return {dma, dma32};
}

}  // namespace

TEST_CASE("buddyinfo has the kernel's columns, to the trailing blank") {
  CHECK(buddyinfo(recorded()) ==
        "Node 0, zone      DMA      0      0      0      0      0      0      0      1      0      1      3 \n"
        "Node 0, zone    DMA32      1      1      1      2      2      1      2      2      1      1    529 \n");
}

TEST_CASE("pagetypeinfo equals what a kernel printed for the same state") {
  CHECK(pagetypeinfo(recorded()) ==
        "Page block order: 9\n"
        "Pages per block:  512\n"
        "\n"
        "Free pages count per migrate type at order "
        "      0      1      2      3      4      5      6      7      8      9     10 \n"
        "Node    0, zone      DMA, type    Unmovable"
        "      0      0      0      0      0      0      0      1      0      0      0 \n"
        "Node    0, zone      DMA, type      Movable"
        "      0      0      0      0      0      0      0      0      0      1      3 \n"
        "Node    0, zone      DMA, type  Reclaimable"
        "      0      0      0      0      0      0      0      0      0      0      0 \n"
        "Node    0, zone      DMA, type   HighAtomic"
        "      0      0      0      0      0      0      0      0      0      0      0 \n"
        "Node    0, zone      DMA, type      Isolate"
        "      0      0      0      0      0      0      0      0      0      0      0 \n"
        "Node    0, zone    DMA32, type    Unmovable"
        "      1      1      1      0      1      0      0      1      0      0      0 \n"
        "Node    0, zone    DMA32, type      Movable"
        "      0      0      0      1      1      1      1      1      1      1    529 \n"
        "Node    0, zone    DMA32, type  Reclaimable"
        "      0      0      0      1      0      0      1      0      0      0      0 \n"
        "Node    0, zone    DMA32, type   HighAtomic"
        "      0      0      0      0      0      0      0      0      0      0      0 \n"
        "Node    0, zone    DMA32, type      Isolate"
        "      0      0      0      0      0      0      0      0      0      0      0 \n"
        "\n"
        "Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic      Isolate \n"
        "Node 0, zone      DMA            1            7            0            0            0 \n"
        "Node 0, zone    DMA32           22         1504            2            0            0 \n");
}

TEST_CASE("pagetypeinfo stops counting long free lists as the kernel does") {
  std::vector<ZoneSample> zones = recorded();
  set(zones[1], kMovable, {99999, 100000, 2345678, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(pagetypeinfo(zones).find("DMA32, type      Movable  99999 >100000 >100000      0") != std::string::npos);
  CHECK(buddyinfo(zones).find("DMA32 100000 100001 2345679") != std::string::npos);
}

TEST_CASE("CMA has a row and a column only where there is CMA") {
  std::vector<ZoneSample> zones = recorded();
  CHECK(pagetypeinfo(zones).find("CMA") == std::string::npos);
  zones[1].pageblocks[index(Migratetype::cma)] = 4;
  CHECK(pagetypeinfo(zones).find("HighAtomic          CMA      Isolate") != std::string::npos);
  CHECK(pagetypeinfo(zones).find("type          CMA      0") != std::string::npos);
}

TEST_CASE("a machine without zones prints nothing") {
  CHECK(buddyinfo({}).empty());
  CHECK(pagetypeinfo({}).empty());
}
