// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/allocator/contig.h"
#include "sim/allocator/page_allocator.h"
#include "sim/mm/invariants.h"
#include "sim/reclaim/reclaim.h"
#include "sim/workload/slab_cache.h"
#include "sim/workload/workload.h"

namespace gbsim::test {

/** Direct reclaim for real; no compaction; an OOM kill asks the workload under test. */
class RigRelief : public PressureRelief {
 public:
  explicit RigRelief(Reclaim& reclaim) : reclaim_(reclaim) {}

  void wake_kswapd(Zone&, const PageRequest&) override {}
  void wake_kcompactd(NodeId, Order) override {}
  NrPages direct_reclaim(const PageRequest& request) override {
    DirectReclaim wanted;
    wanted.node = request.node;
    wanted.cpu = request.cpu;
    wanted.order = request.order;
    wanted.may_io = true;
    return reclaim_.direct_reclaim(wanted);
  }
  CompactOutcome direct_compact(const PageRequest&, CompactPriority) override { return CompactOutcome::skipped; }
  bool oom_kill(const PageRequest&) override {
    if (victims == nullptr || victims->largest_process() == NrPages{}) {
      return false;
    }
    ++kills;
    victims->kill_largest_process();
    return true;
  }
  NrPages reclaimable_pages(NodeId node) const override { return reclaim_.reclaimable_pages(node); }

  Workload* victims = nullptr;
  unsigned kills = 0;

 private:
  Reclaim& reclaim_;
};

/** One Normal zone and everything a workload model stands on. */
class Rig {
 public:
  explicit Rig(std::uint64_t mebibytes = 64, Tunables wanted = {}, std::uint64_t seed = 1, ZoneOrders orders = {})
      : tunables(wanted),
        memory({zone_spec(mebibytes, orders)}, 2, tunables, clock, costs),
        reclaim(memory),
        relief(reclaim),
        allocator(memory, relief),
        slabs(allocator),
        migration(memory, RandomStream(seed, "migration"), 0.0),
        contig(allocator, migration),
        host{memory, allocator, reclaim, slabs, contig, clock, seed} {}

  /** Windows of 10 ms for both CPUs, with writeback and flushing between them. */
  void run(Workload& workload, Ns duration) {
    const Ns end = clock.now + duration;
    for (; clock.now < end; clock.now += kWindow) {
      for (unsigned cpu = 0; cpu < memory.nr_cpus(); ++cpu) {
        workload.run(CpuId{cpu}, clock.now, clock.now + kWindow);
      }
      reclaim.writeback().flush(NrPages{4096});
      reclaim.writeback().complete(clock.now);
    }
  }
  std::uint64_t allocated() {
    memory.drain_all_pcp();
    return memory.managed().value - memory.zone(0).free_pages_exact().value;
  }
  /** Everything is taken except @pages single pages without free neighbours. */
  void fragment(std::uint64_t pages) {
    take_all(Order{9});
    take_all(Order{0});
    std::uint64_t left = pages;
    for (std::size_t i = 0; i < taken_.size() && left > 0; i += 1) {
      left = free_alternate(taken_[i], left);
    }
  }
  std::uint64_t vm(VmEvent event) const { return memory.vmstat().get(event); }

  static constexpr Ns kWindow{10'000'000};
  Tunables tunables;
  Clock clock;
  CostTable costs;
  Memory memory;
  Reclaim reclaim;
  RigRelief relief;
  PageAllocator allocator;
  SlabCaches slabs;
  Migration migration;
  Contig contig;
  WorkloadHost host;

 private:
  static ZoneSpec zone_spec(std::uint64_t mebibytes, ZoneOrders orders) {
    ZoneSpec zone;
    zone.orders = orders;
    zone.start = Pfn{1 << 20};
    zone.spanned = NrPages{mebibytes << 8};
    zone.nr_cpus = 2;
    return zone;
  }

  void take_all(Order order) {
    const PageRequest request{order, gfp::kHighuserMovable.without(gfp::kReclaim.bits()), CpuId{}, NodeId{}};
    while (const auto pfn = allocator.get_page(request, AllocFlags{Watermark::min, AllocFlags::no_watermarks})) {
      taken_.push_back({*pfn, order});
    }
  }
  std::uint64_t free_alternate(std::pair<Pfn, Order>& block, std::uint64_t left) {
    memory.zone(0).split_raw(block.first, block.second, Order{0});
    for (std::uint64_t page = 0; page < block.second.pages().value && left > 0; page += 2, --left) {
      allocator.free_pages(block.first + NrPages{page}, Order{0}, CpuId{});
    }
    return left;
  }

  std::vector<std::pair<Pfn, Order>> taken_;
};

}  // namespace gbsim::test
