// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/machine.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace gbsim;

namespace {

MachineSpec machine(std::uint64_t gib, unsigned nodes = 1) {
  MachineSpec spec;
  spec.memory_bytes = gib << 30;
  spec.nodes = nodes;
  return spec;
}

NrPages all_pages(const std::vector<ZoneSpec>& zones) {
  NrPages pages;
  for (const ZoneSpec& zone : zones) {
    pages += zone.spanned;
  }
  return pages;
}

}  // namespace

TEST_CASE("memory above 3 GiB moves above the hole below 4 GiB") {
  const auto zones = lay_out(machine(8));
  REQUIRE(zones.size() == 3);
  CHECK(zones[0].type == ZoneType::dma);
  CHECK(zones[0].start + zones[0].spanned == Pfn{4096});
  CHECK(zones[1].type == ZoneType::dma32);
  CHECK(zones[1].start + zones[1].spanned == Pfn{3U << 18});
  CHECK(zones[2].start == Pfn{1U << 20});
  CHECK(zones[2].spanned == NrPages{5U << 18});
  CHECK(all_pages(zones) == NrPages{8U << 18});
}

TEST_CASE("a small machine has no Normal zone") {
  const auto zones = lay_out(machine(2));
  REQUIRE(zones.size() == 2);
  CHECK(zones[1].type == ZoneType::dma32);
}

TEST_CASE("nodes share memory evenly, and only the first has low zones") {
  const auto zones = lay_out(machine(64, 2));
  REQUIRE(zones.size() == 4);
  CHECK(zones[2].node == NodeId{0});
  CHECK(zones[3].node == NodeId{1});
  CHECK(zones[2].start + zones[2].spanned == zones[3].start);
  CHECK(all_pages(zones) == NrPages{64U << 18});
}

TEST_CASE("struct page takes 64 bytes a page of the node's own memory") {
  const auto zones = lay_out(machine(64));
  NrPages reserved;
  for (const auto& range : zones.back().reserved) {
    reserved += range.second;
  }
  CHECK(reserved == NrPages{(64U << 18) / 64});
}

TEST_CASE("movable memory is cut from the top of each node") {
  MachineSpec spec = machine(16);
  spec.movablecore_bytes = std::uint64_t{4} << 30;
  const auto zones = lay_out(spec);
  CHECK(zones.back().type == ZoneType::movable);
  CHECK(zones.back().spanned == NrPages{4U << 18});
}

TEST_CASE("a CMA area is a range of one kernel zone") {
  MachineSpec spec = machine(16);
  spec.cma_bytes = std::uint64_t{256} << 20;
  const auto zones = lay_out(spec);
  CHECK(std::ranges::count_if(zones, [](const ZoneSpec& zone) { return !zone.cma.empty(); }) == 1);
  CHECK(zones.back().cma.front().second == NrPages{65536});
}

TEST_CASE("most of zone Normal may be movable, but not its memory map nor all that the kernel needs") {
  MachineSpec spec = machine(64);
  spec.movablecore_bytes = std::uint64_t{50} << 30;
  CHECK(lay_out(spec).back().spanned == NrPages{50U << 18});
  spec.movablecore_bytes = std::uint64_t{64} << 30;
  const auto zones = lay_out(spec);
  const ZoneSpec& normal = zones[zones.size() - 2];
  CHECK(normal.type == ZoneType::normal);
  CHECK(normal.spanned.value >= (61U << 18) / 32 + (64U << 18) / 64);
  CHECK(normal.spanned < NrPages{4U << 18});
}

TEST_CASE("a small node keeps its memory map however much shall be movable") {
  for (std::uint64_t mib = 128; mib < 400; ++mib) {
    CAPTURE(mib);
    MachineSpec spec;
    spec.memory_bytes = mib << 20;
    for (const std::uint64_t movable : {mib / 3, mib / 2, mib - 1}) {
      spec.movablecore_bytes = movable << 20;
      CHECK_NOTHROW(lay_out(spec));
    }
  }
}

TEST_CASE("hugetlb_cma has whole gigablocks at the top of each node's kernel memory, half of the zone at most") {
  MachineSpec spec = machine(64, 2);
  spec.hugetlb_cma_bytes = std::uint64_t{9} << 30;
  const auto zones = lay_out(spec);
  for (const std::size_t i : {2U, 3U}) {
    REQUIRE(zones[i].cma.size() == 1);
    CHECK(zones[i].cma[0].second == NrPages{5U << 18});
    CHECK(zones[i].cma[0].first.is_aligned(Order{18}));
  }
  spec.hugetlb_cma_bytes = std::uint64_t{64} << 30;
  CHECK(lay_out(spec)[3].cma[0].second == NrPages{16U << 18});
}
