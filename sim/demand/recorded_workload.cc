// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/recorded_workload.h"

#include <algorithm>

#include "sim/base/check.h"
#include "sim/recording/kernel_gfp.h"

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
    : recording_(recording),
      host_(host),
      outcome_(outcome),
      owner_id_(host.memory.folios().register_owner(owner_)),
      lives_(recording.demand.allocations),
      next_birth_(lives_.next()),
      gigantic_(recording.demand, host, outcome) {}

PageRequest RecordedWorkload::request(Order order, Gfp gfp, CpuId cpu) const {
  return {order, order > Order{0} ? gfp.with(Gfp::comp) : gfp, cpu, host_.memory.node_of(cpu)};
}

std::uint32_t RecordedWorkload::take_slot() {
  if (unused_.empty()) {
    slots_.push_back(kNoFolio);
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t slot = unused_.back();
  unused_.pop_back();
  return slot;
}

std::optional<std::uint32_t> RecordedWorkload::allocate(const PageRequest& request, bool moves_anyway) {
  ++outcome_.allocations;
  const std::uint32_t slot = take_slot();
  const FolioUse use{owner_id_, slot, LruList::none, static_cast<std::uint8_t>(moves_anyway ? kMigratable : 0)};
  auto folio = host_.allocator.alloc_folio(request, use);
  if (!folio && is_repeated(request)) {
    ++outcome_.repeated;
    PageRequest again = request;
    again.gfp = in_earnest(request.gfp);
    folio = host_.allocator.alloc_folio(again, use);
  }
  if (!folio) {
    outcome_.refuse(request.order);
    unused_.push_back(slot);
    return std::nullopt;
  }
  slots_[slot] = folio->value;
  return slot;
}

void RecordedWorkload::free(std::uint32_t slot, CpuId cpu) {
  host_.allocator.free_folio(FolioId{slots_[slot]}, cpu);
  slots_[slot] = kNoFolio;
  unused_.push_back(slot);
  ++outcome_.frees;
  if (const auto parts = parts_.extract(slot)) {
    std::ranges::for_each(parts.mapped(), [&](FolioId part) { host_.allocator.free_folio(part, cpu); });
  }
}

// Nothing here is on an LRU list, where alone reclaim looks.
void RecordedWorkload::Owner::on_evicted(FolioId /*folio*/, const Folio& /*record*/) {
  GBSIM_CHECK(!"recorded demand is out of reclaim's reach");
}

void RecordedWorkload::Owner::on_split(FolioId /*folio*/, const Folio& record, const std::vector<FolioId>& parts) {
  workload_.slots_[record.cookie] = parts.front().value;
  workload_.parts_[record.cookie].assign(parts.begin() + 1, parts.end());
}

void RecordedWorkload::bring_staying(std::size_t type, NrPages pages) {
  for (std::uint64_t i = 0; i < pages.value; ++i) {
    allocate(request(Order{0}, old_gfp(static_cast<Migratetype>(type)), CpuId{0}));
  }
}

/** In order of address, as the recording found them, so that neighbours stay neighbours. */
void RecordedWorkload::bring_old() {
  const auto& blocks = recording_.demand.old_blocks;
  for (std::size_t i = 0; i < blocks.size(); ++i, ++sequence_) {
    if (const auto slot = allocate(request(blocks[i].order, old_gfp(recording_.old.dying[i]), CpuId{0}))) {
      deaths_.push({blocks[i].died - recording_.demand.begin, sequence_, *slot, CpuId{}});
    }
  }
}

void RecordedWorkload::start() {
  for (std::size_t type = 0; type < kNrDemandTypes; ++type) {
    bring_staying(type, recording_.old.stays[type]);
  }
  bring_old();
}

CpuId RecordedWorkload::cpu_for(std::uint16_t recorded) const {
  return CpuId{recorded % host_.memory.nr_cpus()};
}

void RecordedWorkload::give_birth() {
  const RecordedAllocation life = *next_birth_;
  next_birth_ = lives_.next();
  const DemandKind& kind = recording_.demand.kinds[life.kind];
  const CpuId cpu = cpu_for(life.cpu);
  const auto slot = allocate(request(kind.order, with_mobility(gfp_of_kernel(kind.gfp), kind.type), cpu),
                             moves_anyway(recording_.demand, life.kind));
  if (slot && life.died != Ns::max()) {
    deaths_.push({life.died - recording_.demand.begin, sequence_, *slot, cpu});
  }
  ++sequence_;
}

void RecordedWorkload::let_die() {
  const Death death = deaths_.top();
  deaths_.pop();
  free(death.slot, death.cpu);
}

// What is born when another dies is born first, 1 GiB pages before either.
void RecordedWorkload::run(CpuId /*cpu*/, Ns /*from*/, Ns to) {
  for (;;) {
    const Ns birth = next_birth_ != nullptr ? next_birth_->born - recording_.demand.begin : Ns::max();
    const Ns death = deaths_.empty() ? Ns::max() : deaths_.top().at;
    const Ns next = std::min({gigantic_.next(), birth, death});
    if (next >= to) {
      return;
    }
    if (next == gigantic_.next()) {
      gigantic_.act();
    } else if (birth <= death) {
      give_birth();
    } else {
      let_die();
    }
  }
}

/** A request that may not fail keeps its CPU for seconds, and the run may end meanwhile. */
void RecordedWorkload::count_never_asked(Ns end) {
  for (; next_birth_ != nullptr && next_birth_->born - recording_.demand.begin < end; next_birth_ = lives_.next()) {
    ++outcome_.never_asked;
  }
}

void RecordedWorkload::stop() {
  gigantic_.stop();
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot] != kNoFolio) {
      free(slot, CpuId{0});
    }
  }
}

}  // namespace gbsim
