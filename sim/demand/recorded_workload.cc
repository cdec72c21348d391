// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/recorded_workload.h"

#include <algorithm>
#include <tuple>

#include "sim/base/check.h"
#include "sim/replay/kernel_gfp.h"

namespace gbsim {

namespace {

Gfp with_mobility(Gfp gfp, Migratetype type) {
  const Gfp plain = gfp.without(Gfp::movable | Gfp::reclaimable | Gfp::highmem);
  switch (demand_type(type)) {
    case index(Migratetype::movable):
      return plain.with(Gfp::movable | Gfp::highmem);
    case index(Migratetype::reclaimable):
      return plain.with(Gfp::reclaimable);
    default:
      return plain;
  }
}

/** A try without effort (SLUB's first) for a single page: nothing smaller is left, the same is asked for again. */
bool is_repeated(const PageRequest& request) { return request.order == Order{0} && request.gfp.has(Gfp::noretry); }

Gfp in_earnest(Gfp gfp) { return gfp.without(Gfp::noretry | Gfp::nomemalloc).with(gfp::kReclaim.bits()); }

/** What stood in memory before the recording came by ordinary requests. */
Gfp old_gfp(Migratetype type) { return with_mobility(gfp::kKernel, type); }

}  // namespace

RecordedWorkload::RecordedWorkload(const RecordingWithMoments& recording, WorkloadHost& host, DemandOutcome& outcome)
    : recording_(recording), host_(host), outcome_(outcome), owner_id_(host.memory.folios().register_owner(owner_)) {
  plan();
}

void RecordedWorkload::plan() {
  const RecordedDemand& demand = recording_.demand;
  const auto nr_old = static_cast<std::uint32_t>(demand.old_blocks.size());
  folios_.assign(nr_old + demand.allocations.size(), kNoFolio);
  for (std::uint32_t i = 0; i < nr_old; ++i) {
    steps_.push_back({demand.old_blocks[i].died - demand.begin, i, true});
  }
  for (std::uint32_t i = 0; i < demand.allocations.size(); ++i) {
    const RecordedAllocation& allocation = demand.allocations[i];
    steps_.push_back({allocation.born - demand.begin, nr_old + i, false});
    if (allocation.died != Ns::max()) {
      steps_.push_back({allocation.died - demand.begin, nr_old + i, true});
    }
  }
  std::ranges::stable_sort(steps_, [](const Step& a, const Step& b) {
    return std::tuple(a.at, a.is_death) < std::tuple(b.at, b.is_death);
  });
}

void RecordedWorkload::allocate(std::uint32_t thing, Order order, Gfp gfp, CpuId cpu) {
  ++outcome_.allocations;
  PageRequest request{order, order > Order{0} ? gfp.with(Gfp::comp) : gfp, cpu, host_.memory.node_of(cpu)};
  auto folio = host_.allocator.alloc_folio(request, FolioUse{owner_id_, thing});
  if (!folio && is_repeated(request)) {
    ++outcome_.repeated;
    request.gfp = in_earnest(gfp);
    folio = host_.allocator.alloc_folio(request, FolioUse{owner_id_, thing});
  }
  if (!folio) {
    ++outcome_.refused[order.value];
    outcome_.refused_pages += order.pages();
    return;
  }
  folios_[thing] = folio->value;
}

void RecordedWorkload::free(std::uint32_t thing, CpuId cpu) {
  if (folios_[thing] == kNoFolio) {
    return;
  }
  host_.allocator.free_folio(FolioId{folios_[thing]}, cpu);
  folios_[thing] = kNoFolio;
  ++outcome_.frees;
  if (const auto parts = parts_.extract(thing)) {
    std::ranges::for_each(parts.mapped(), [&](FolioId part) { host_.allocator.free_folio(part, cpu); });
  }
}

// Nothing here is on an LRU list, where alone reclaim looks.
void RecordedWorkload::Owner::on_evicted(FolioId /*folio*/, const Folio& /*record*/) {
  GBSIM_CHECK(!"recorded demand is out of reclaim's reach");
}

void RecordedWorkload::Owner::on_split(FolioId /*folio*/, const Folio& record, const std::vector<FolioId>& parts) {
  workload_.folios_[record.cookie] = parts.front().value;
  workload_.parts_[record.cookie].assign(parts.begin() + 1, parts.end());
}

void RecordedWorkload::bring_staying(std::size_t type, NrPages pages) {
  for (std::uint64_t i = 0; i < pages.value; ++i) {
    folios_.push_back(kNoFolio);
    allocate(static_cast<std::uint32_t>(folios_.size() - 1), Order{0}, old_gfp(static_cast<Migratetype>(type)),
             CpuId{0});
  }
}

/** In order of address, as the recording found them, so that neighbours stay neighbours. */
void RecordedWorkload::bring_old() {
  const auto& blocks = recording_.demand.old_blocks;
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    allocate(i, blocks[i].order, old_gfp(recording_.old.dying[i]), CpuId{0});
  }
}

void RecordedWorkload::start() {
  for (std::size_t type = 0; type < kNrDemandTypes; ++type) {
    bring_staying(type, recording_.old.stays[type]);
  }
  bring_old();
}

void RecordedWorkload::perform(const Step& step) {
  const RecordedDemand& demand = recording_.demand;
  const std::size_t nr_old = demand.old_blocks.size();
  if (step.thing < nr_old) {
    free(step.thing, CpuId{0});
    return;
  }
  const RecordedAllocation& allocation = demand.allocations[step.thing - nr_old];
  const CpuId cpu{allocation.cpu};
  if (step.is_death) {
    free(step.thing, cpu);
    return;
  }
  const DemandKind& kind = demand.kinds[allocation.kind];
  allocate(step.thing, kind.order, with_mobility(gfp_of_kernel(kind.gfp), kind.type), cpu);
}

void RecordedWorkload::run(CpuId /*cpu*/, Ns /*from*/, Ns to) {
  for (; next_ < steps_.size() && steps_[next_].at < to; ++next_) {
    perform(steps_[next_]);
  }
}

void RecordedWorkload::stop() {
  for (std::uint32_t thing = 0; thing < folios_.size(); ++thing) {
    free(thing, CpuId{0});
  }
}

}  // namespace gbsim
