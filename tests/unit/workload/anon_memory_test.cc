// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/anon_memory.h"

#include <doctest/doctest.h>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

constexpr RangeKind kFits{true, false};

Tunables with_swap() {
  Tunables tunables;
  tunables.swap_bytes = 256U << 20;
  return tunables;
}

/** Ranges of base pages until reclaim has swapped some of @first out. */
std::vector<RangeId> press_out(Rig& rig, AnonMemory& anon, RangeId first) {
  std::vector<RangeId> others;
  while (anon.swapped(first) == 0 && others.size() < 60) {
    others.push_back(anon.create(RangeKind{}));
    anon.populate(others.back(), PageRun{0, kRangePages}, CpuId{});
    rig.clock.now += Ns{50'000'000};
    rig.reclaim.writeback().complete(rig.clock.now);
  }
  return others;
}

}  // namespace

TEST_CASE("thp.enabled decides who asks for huge pages, thp.defrag how hard") {
  Tunables tunables;
  CHECK(thp_wanted(tunables, RangeKind{true, false}));
  CHECK(!thp_wanted(tunables, RangeKind{false, true}));
  CHECK(!thp_gfp(tunables, RangeKind{true, false}).may_block());
  CHECK(thp_gfp(tunables, RangeKind{true, true}).may_block());
  tunables.thp_enabled = ThpEnabled::madvise;
  CHECK(!thp_wanted(tunables, RangeKind{true, false}));
  CHECK(thp_wanted(tunables, RangeKind{true, true}));
  tunables.thp_enabled = ThpEnabled::never;
  CHECK(!thp_wanted(tunables, RangeKind{true, true}));
  tunables.thp_defrag = ThpDefrag::always;
  CHECK(thp_gfp(tunables, RangeKind{true, false}).may_block());
  tunables.thp_defrag = ThpDefrag::defer;
  CHECK(!thp_gfp(tunables, RangeKind{true, true}).may_block());
  CHECK(thp_gfp(tunables, RangeKind{true, true}).has(Gfp::kswapd_reclaim));
}

TEST_CASE("a THP fault takes one huge folio and deposits a page table") {
  Rig rig;
  AnonMemory anon("anon", rig.host);
  const RangeId range = anon.create(kFits);
  CHECK(anon.fault_huge(range, CpuId{}));
  CHECK(anon.is_huge(range));
  CHECK(anon.resident(range) == kRangePages);
  CHECK(rig.vm(VmEvent::thp_fault_alloc) == 1);
  CHECK(rig.vm(VmEvent::nr_anon_transparent_hugepages) == 1);
  CHECK(rig.vm(VmEvent::nr_page_table_pages) == 1);
  anon.release(range, CpuId{});
  CHECK(rig.allocated() == 0);
  check_memory(rig.memory);
}

TEST_CASE("a refused THP becomes base pages") {
  Rig rig;
  rig.fragment(4000);
  AnonMemory anon("anon", rig.host);
  const RangeId range = anon.create(kFits);
  CHECK(!anon.fault_huge(range, CpuId{}));
  CHECK(rig.vm(VmEvent::thp_fault_fallback) == 1);
  CHECK(anon.populate(range, PageRun{0, kRangePages}, CpuId{}));
  CHECK(anon.resident(range) == kRangePages);
  CHECK(!anon.is_huge(range));
  check_memory(rig.memory);
}

TEST_CASE("a THP fault that may wait asks twice, near and without effort first") {
  const auto requests = [](RangeKind kind) {
    Rig rig;
    rig.fragment(4000);
    AnonMemory anon("anon", rig.host);
    CHECK(!anon.fault_huge(anon.create(kind), CpuId{}));
    return rig.allocator.stats().attempts(Order{9});
  };
  CHECK(requests(RangeKind{true, false}) == 1);
  CHECK(requests(RangeKind{true, true}) == 2);
}

TEST_CASE("giving back a part of a THP keeps its memory until it is split") {
  Rig rig;
  AnonMemory anon("anon", rig.host);
  const RangeId range = anon.create(kFits);
  REQUIRE(anon.fault_huge(range, CpuId{}));
  const std::uint64_t before = rig.allocated();
  anon.discard(range, PageRun{100, 200}, CpuId{});
  CHECK(rig.allocated() == before);
  CHECK(anon.resident(range) == kRangePages - 200);
  CHECK(anon.deferred_splits() == 1);
  CHECK(rig.vm(VmEvent::thp_deferred_split_page) == 1);
  CHECK(anon.scan_objects(NodeId{}, 1) == 1);
  CHECK(rig.allocated() == before - 200);
  CHECK(anon.deferred_splits() == 0);
  CHECK(rig.vm(VmEvent::nr_anon_transparent_hugepages) == 0);
  check_memory(rig.memory);
  anon.release(range, CpuId{});
  CHECK(rig.allocated() == 0);
}

TEST_CASE("giving back all parts of a THP frees it without a split") {
  Rig rig;
  AnonMemory anon("anon", rig.host);
  const RangeId range = anon.create(kFits);
  REQUIRE(anon.fault_huge(range, CpuId{}));
  anon.discard(range, PageRun{0, 300}, CpuId{});
  anon.discard(range, PageRun{300, 212}, CpuId{});
  CHECK(anon.is_empty(range));
  CHECK(anon.deferred_splits() == 0);
  CHECK(anon.resident() == NrPages{});
}

TEST_CASE("khugepaged collapses base pages into a THP") {
  Rig rig;
  AnonMemory anon("anon", rig.host);
  const RangeId range = anon.create(kFits);
  REQUIRE(anon.populate(range, PageRun{0, 300}, CpuId{}));
  CHECK(anon.collapse(range, CpuId{}) == Collapse::done);
  CHECK(anon.is_huge(range));
  CHECK(anon.resident().value == kRangePages);
  CHECK(rig.vm(VmEvent::thp_collapse_alloc) == 1);
  check_memory(rig.memory);
  const RangeId small = anon.create(RangeKind{false, false});
  REQUIRE(anon.populate(small, PageRun{0, 300}, CpuId{}));
  CHECK(anon.collapse(small, CpuId{}) == Collapse::unfit);
}

TEST_CASE("a collapse without a huge page fails and is counted") {
  Rig rig;
  rig.fragment(2000);
  AnonMemory anon("anon", rig.host);
  const RangeId range = anon.create(kFits);
  REQUIRE(anon.populate(range, PageRun{0, 300}, CpuId{}));
  CHECK(anon.collapse(range, CpuId{}) == Collapse::refused);
  CHECK(rig.vm(VmEvent::thp_collapse_alloc_failed) == 1);
  CHECK(anon.resident(range) == 300);
}

TEST_CASE("a shared range is freed by its last user, and writes go to a private one") {
  Rig rig;
  AnonMemory anon("anon", rig.host);
  const RangeId range = anon.create(RangeKind{});
  REQUIRE(anon.populate(range, PageRun{0, 64}, CpuId{}));
  anon.share(range);
  const RangeId own = anon.cow_over(range);
  CHECK(anon.populate(own, PageRun{0, 16}, CpuId{}));
  CHECK(anon.resident().value == 80);
  anon.release(own, CpuId{});
  CHECK(anon.resident().value == 64);
  anon.release(range, CpuId{});
  CHECK(anon.resident() == NrPages{});
  CHECK(rig.allocated() == 0);
}

TEST_CASE("swapped-out memory comes back on a touch, as a refault") {
  Rig rig(64, with_swap());
  AnonMemory anon("anon", rig.host);
  const RangeId first = anon.create(RangeKind{});
  REQUIRE(anon.populate(first, PageRun{0, kRangePages}, CpuId{}));
  const auto others = press_out(rig, anon, first);
  REQUIRE(anon.swapped(first) > 0);
  CHECK(anon.resident(first) + anon.swapped(first) == kRangePages);
  const std::uint64_t read = rig.vm(VmEvent::pswpin);
  for (std::uint32_t page = 0; page < kRangePages; ++page) {
    anon.touch(first, page, true, CpuId{});
  }
  CHECK(rig.vm(VmEvent::pswpin) > read);
  CHECK(rig.vm(VmEvent::workingset_refault_anon) > 0);
  check_memory(rig.memory);
  for (const RangeId other : others) {
    anon.release(other, CpuId{});
  }
  anon.release(first, CpuId{});
  CHECK(rig.reclaim.swap().used() == NrPages{});
  CHECK(rig.allocated() == 0);
}

TEST_CASE("a swapped-out THP comes back in base pages") {
  Rig rig(64, with_swap());
  AnonMemory anon("anon", rig.host);
  const RangeId first = anon.create(kFits);
  REQUIRE(anon.fault_huge(first, CpuId{}));
  const auto others = press_out(rig, anon, first);
  REQUIRE(anon.swapped(first) > 0);
  anon.touch(first, 5, true, CpuId{});
  CHECK(!anon.is_huge(first));
  check_memory(rig.memory);
  for (const RangeId other : others) {
    anon.release(other, CpuId{});
  }
  anon.release(first, CpuId{});
  CHECK(rig.reclaim.swap().used() == NrPages{});
}
