// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/sampler.h"

#include <algorithm>

#include "sim/base/check.h"
#include "sim/metrics/census.h"

namespace gbsim {
namespace {

ZoneSample zone_sample(const Zone& zone) {
  ZoneSample result;
  result.node = zone.node();
  result.name = zone.name();
  result.pageblock_order = zone.orders().pageblock;
  result.present = zone.present();
  result.managed = zone.managed();
  result.free = zone.free_pages_exact();
  result.pcp = zone.pcp_pages();
  result.min = zone.min_wmark();
  result.low = zone.low_wmark();
  result.high = zone.high_wmark();
  result.boost = zone.boost();
  result.free_blocks.resize(zone.orders().max.value + std::size_t{1});
  for (Order order{0}; order <= zone.orders().max; ++order) {
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      result.free_blocks[order.value][type] = zone.nr_free_blocks(order, static_cast<Migratetype>(type));
    }
  }
  return result;
}

/** No page of the block exists; boot-time memory does. */
bool is_hole(const Zone& zone, std::size_t block, NrPages pages) {
  return zone.pageblock_at(block).reserved >= pages.value &&
         zone.view(std::max(zone.pageblock_start(block), zone.start())).kind == PageKind::hole;
}

/** Where the gigablocks of one zone are in Sample::gigablocks, found by their id. */
GigablockSample& gigablock_at(Sample& sample, GigablockId id, const Zone& zone) {
  if (sample.gigablocks.empty() || sample.gigablocks.back().id < id) {
    sample.gigablocks.push_back(GigablockSample{.id = id, .node = zone.node()});
  }
  return sample.gigablocks.back();
}

void take_census(Sample& sample, const Zone& zone, ZoneSample& counts) {
  const NrPages pages = zone.orders().pageblock.pages();
  sample.blocks.ranges.push_back({zone.pageblock_start(0), zone.nr_pageblocks()});
  for (std::size_t i = 0; i < zone.nr_pageblocks(); ++i) {
    const Pageblock& block = zone.pageblock_at(i);
    const Pfn start = zone.pageblock_start(i);
    const bool hole = is_hole(zone, i, pages);
    sample.blocks.codes.push_back(pageblock_code(block, pages, hole));
    if (hole) {
      continue;
    }
    const GigablockId id{start.value >> zone.orders().gigablock.value};
    ++counts.pageblocks[index(block.type)];
    count_pageblock(sample.pageblocks, block, pages);
    count_pageblock(gigablock_at(sample, id, zone), block, pages);
  }
}

/** @zone holds every page of the gigablock. */
bool contains(const Zone& zone, GigablockId id) {
  const Order order = zone.orders().gigablock;
  const Pfn start{std::uint64_t{id.value} << order.value};
  return start >= zone.start() && start + order.pages() <= zone.end();
}

bool in_one_zone(const Memory& memory, GigablockId id) {
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    if (contains(memory.zone(i), id)) {
      return true;
    }
  }
  return false;
}

void settle(Sample& sample, const Memory& memory) {
  const NrPages pages = memory.zone(0).orders().gigablock.pages();
  for (GigablockSample& gigablock : sample.gigablocks) {
    settle_gigablock(gigablock, pages, in_one_zone(memory, gigablock.id));
    sample.gigablock_states[static_cast<std::size_t>(gigablock.state)] += gigablock.whole ? 1 : 0;
  }
}

FragmentationIndices indices(const Sample& sample, Order gigablock) {
  std::vector<std::uint64_t> blocks;
  for (unsigned order = 0; order < sample.nr_orders(); ++order) {
    blocks.push_back(sample.free_blocks(Order{order}));
  }
  return fragmentation_indices(blocks, gigablock, sample.gigablocks_in(GigablockState::empty));
}

std::array<NrPages, kNrLruLists> lru_sizes(const Memory& memory) {
  std::array<NrPages, kNrLruLists> sizes{};
  for (unsigned node = 0; node < memory.nr_nodes(); ++node) {
    for (std::size_t list = 0; list < kNrLruLists; ++list) {
      sizes[list] += memory.lru(NodeId{node}).size(static_cast<LruList>(list));
    }
  }
  return sizes;
}

PcpBuddyCounts pcp_buddy_counts(const Memory& memory) {
  PcpBuddyCounts counts;
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    if (const PcpBuddy* buddy = memory.zone(i).pcp_buddy(); buddy != nullptr) {
      counts += buddy->counts();
    }
  }
  return counts;
}

}  // namespace

Counters Sampler::counters(const RunState& run) const {
  memory_->refresh_vmstat();
  const Vmstat& vmstat = memory_->vmstat();
  Counters result;
  result.orders = run.orders;
  for (const OrderCount& order : run.orders) {
    result.allocs += order.attempts - order.failures;
    result.failures += order.failures;
  }
  result.frees = run.frees;
  for (std::size_t type = 0; type < kNrZoneTypes; ++type) {
    result.page_allocs += vmstat.get(for_zone(VmEvent::pgalloc_dma, type));
  }
  result.page_frees = vmstat.get(VmEvent::pgfree);
  result.cpu = run.cpu;
  result.extfrag = memory_->extfrag();
  result.hugepages_1g = run.hugepages_1g;
  result.search = run.search;
  result.zone_locks = memory_->zone_locks();
  result.pcp_buddy = pcp_buddy_counts(*memory_);
  result.region = run.region;
  result.gigablock_work = run.gigablock_work;
  result.vmstat.reserve(kNrVmEvents);
  for (std::size_t i = 0; i < kNrVmEvents; ++i) {
    result.vmstat.push_back({kVmEventNames[i], vmstat.values()[i]});
  }
  return result;
}

void Sampler::set_baseline(const RunState& run) {
  baseline_ = counters(run);
}

Sample Sampler::take(const RunState& run) const {
  GBSIM_CHECK(memory_->nr_zones() > 0);
  Sample sample;
  sample.time = run.time;
  sample.blocks.pageblock = memory_->zone(0).orders().pageblock;
  sample.blocks.gigablock = memory_->zone(0).orders().gigablock;
  for (std::size_t i = 0; i < memory_->nr_zones(); ++i) {
    const Zone& zone = memory_->zone(i);
    sample.zones.push_back(zone_sample(zone));
    take_census(sample, zone, sample.zones.back());
  }
  settle(sample, *memory_);
  sample.lru = lru_sizes(*memory_);
  sample.swap_used = run.swap_used;
  const Order gigablock = memory_->zone(0).orders().gigablock;
  sample.allocatable_1g = run.allocatable_1g.value_or(count_allocatable_1g(sample.gigablocks, gigablock.pages()));
  sample.allocatable_1g += run.pooled_1g;
  sample.fragmentation = indices(sample, gigablock);
  sample.counters = since(counters(run), baseline_);
  return sample;
}

}  // namespace gbsim
