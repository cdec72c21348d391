// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/sampler.h"

#include <doctest/doctest.h>

#include <numeric>

using namespace gbsim;

namespace {

/** A 4 GiB machine just after boot. */
struct Machine {
  Tunables tunables{};
  Clock clock{};
  CostTable costs{};
  Memory memory{MachineSpec{.nodes = 1, .cpus = 2, .memory_bytes = std::uint64_t{4} << 30U}, tunables, clock, costs};
  Sampler sampler{memory};
};

std::uint64_t pages_on_lists(const ZoneSample& zone) {
  std::uint64_t pages = 0;
  for (std::size_t order = 0; order < zone.free_blocks.size(); ++order) {
    const auto& by_type = zone.free_blocks[order];
    pages += std::accumulate(by_type.begin(), by_type.end(), std::uint64_t{0}) << order;
  }
  return pages;
}

}  // namespace

TEST_CASE("free lists of a sample add up to each zone's free pages") {
  Machine machine;
  const Sample sample = machine.sampler.take({});
  REQUIRE(sample.zones.size() == machine.memory.nr_zones());
  for (const ZoneSample& zone : sample.zones) {
    CAPTURE(zone.name);
    CHECK(pages_on_lists(zone) == zone.free.value);
    CHECK(zone.free + zone.pcp == zone.managed);
  }
}

TEST_CASE("the census of an idle machine has empty and partial gigablocks only") {
  Machine machine;
  const Sample sample = machine.sampler.take({});
  CHECK(sample.gigablocks_in(GigablockState::clean) == 0);
  CHECK(sample.gigablocks_in(GigablockState::tainted) == 0);
  CHECK(sample.whole_gigablocks() > 0);
  CHECK(sample.whole_gigablocks() < sample.gigablocks.size());
  CHECK_FALSE(sample.gigablocks.front().whole);
  CHECK(sample.allocatable_1g == sample.whole_gigablocks());
  CHECK(sample.fragmentation.unusable_9 < 0.01);
}

TEST_CASE("one unmovable page taints its gigablock") {
  Machine machine;
  const Sample before = machine.sampler.take({});
  Zone& zone = machine.memory.zone(1);
  const Order top = zone.orders().max;
  const Pfn pfn = zone.first_free(top, Migratetype::movable);
  zone.take_block(pfn, top, Order{0}, Migratetype::movable);
  zone.set_raw(pfn, Order{0}, Migratetype::unmovable, false);
  const Sample after = machine.sampler.take({});
  CHECK(after.pageblocks.unmovable == before.pageblocks.unmovable + NrPages{1});
  CHECK(after.pageblocks.with_unmovable == before.pageblocks.with_unmovable + 1);
  const GigablockSample& gigablock = after.gigablocks[pfn.value >> 18U];
  CHECK(gigablock.unmovable == 1);
  CHECK(gigablock.state == GigablockState::tainted);
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < after.blocks.codes.size(); ++i) {
    if (after.blocks.codes[i] != before.blocks.codes[i]) {
      changed.push_back(i);
    }
  }
  CHECK(changed.size() == 1);
  CHECK(after.blocks.ranges == before.blocks.ranges);
}

TEST_CASE("counters are relative to the end of warm-up") {
  Machine machine;
  machine.memory.vmstat().add(VmEvent::pgfree, 5);
  machine.sampler.set_baseline({.orders = {{10, 1}}, .frees = 4});
  machine.memory.vmstat().add(VmEvent::pgfree, 2);
  const Sample sample = machine.sampler.take({.orders = {{15, 2}}, .frees = 7, .allocatable_1g = 1});
  CHECK(sample.counters.page_frees == 2);
  CHECK(sample.counters.allocs == 4);
  CHECK(sample.counters.failures == 1);
  CHECK(sample.counters.frees == 3);
  CHECK(sample.allocatable_1g == 1);
  CHECK(vmstat_value(sample.counters.vmstat, "pgfree") == 2);
}

TEST_CASE("vmstat lines come as the kernel prints them, states absolute") {
  Machine machine;
  machine.sampler.set_baseline({});
  const Sample sample = machine.sampler.take({});
  REQUIRE(sample.counters.vmstat.size() == kNrVmEvents);
  CHECK(sample.counters.vmstat.front().name == "nr_free_pages");
  CHECK(sample.counters.vmstat.front().value == sample.free_pages().value);
}
