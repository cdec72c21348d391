// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/recorder.h"

#include <algorithm>
#include <utility>

#include "sim/engine/invariant_watch.h"

namespace gbsim {

namespace {

/** Adds the rows of @order: each path, then all of them together. */
void add_rows(std::vector<LatencyRow>& rows, const AllocStats& stats, Order order) {
  Histogram all;
  for (std::size_t i = 0; i < kAllocPathNames.size(); ++i) {
    const Histogram& path = stats.latency(order, static_cast<AllocPath>(i));
    all.merge(path);
    if (path.count() != 0) {
      rows.push_back(latency_row(order, std::string(kAllocPathNames[i]), path));
    }
  }
  if (all.count() != 0) {
    rows.push_back(latency_row(order, std::string(kAllClasses), all));
  }
}

HugepageCounts hugepage_counts(const Hugepage1gStats& stats) {
  HugepageCounts counts;
  counts.requested = stats.requested;
  counts.allocated = stats.allocated;
  counts.pages_migrated = stats.pages_migrated;
  counts.from_pool = stats.from_pool;
  counts.from_cma = stats.from_cma;
  counts.split = stats.split;
  for (std::size_t i = 0; i < kNrContigFailures; ++i) {
    counts.ranges_refused.push_back({kContigFailureNames[i], stats.ranges_refused[i]});
  }
  return counts;
}

std::vector<VmstatValue> gigablock_work(const GigablockDefragStats& stats) {
  return {{"defrag_runs", stats.runs},
          {"defrag_productive_runs", stats.productive_runs},
          {"defrag_pageblocks_freed", stats.pageblocks_freed},
          {"defrag_pages_migrated", stats.pages_migrated},
          {"slab_shrinks", stats.slab_shrinks},
          {"slab_objects_freed", stats.slab_objects_freed},
          {"evacuations", stats.evacuations},
          {"evacuations_useful", stats.evacuations_useful},
          {"contig_tries", stats.contig_tries},
          {"contig_emptied", stats.contig_emptied}};
}

}  // namespace

Recorder::Recorder(SimulatedMachine& machine, const CpuLedger& ledger, RunObserver& observer, Ns warmup)
    : machine_(machine), ledger_(ledger), observer_(observer), warmup_(warmup), sampler_(machine.memory) {}

SearchCounts Recorder::search_counts() const {
  const GigablockSearchCost cost = machine_.allocator.placement().search_cost();
  SearchCounts counts{cost.picks, cost.gigablocks_examined, cost.bitmap_words, 0, cost.false_positives, {}};
  for (const StepCount& step : machine_.allocator.placement().steps()) {
    counts.steps.emplace_back(step.step, step.served);
  }
  for (std::size_t i = 0; i < machine_.memory.nr_zones(); ++i) {
    if (const GigablockIndex* index = machine_.memory.zone(i).gigablocks(); index != nullptr) {
      counts.bitmap_flips += index->changes().set_flips;
    }
  }
  return counts;
}

RunState Recorder::state() const {
  RunState state;
  state.time = measured();
  state.cpu = ledger_.times();
  const Order top = machine_.memory.zone(0).orders().max;
  for (Order order{0}; order <= top; ++order) {
    state.orders.push_back({machine_.allocator.stats().attempts(order), machine_.allocator.stats().failures(order)});
  }
  state.frees = machine_.memory.frees();
  state.hugepages_1g = hugepage_counts(machine_.contig.stats());
  const ConfinementStats& moved = machine_.confinement.stats();
  state.region = {moved.pages_grown, moved.pages_shrunk, moved.pages_migrated, moved.grown_for_request, moved.stuck};
  state.gigablock_work = gigablock_work(machine_.gigablock_defrag.stats());
  state.pooled_1g = machine_.contig.pool_left();
  state.search = search_counts();
  state.swap_used = machine_.reclaim.swap().used();
  return state;
}

std::vector<LatencyRow> Recorder::latency_rows() const {
  std::vector<LatencyRow> rows;
  for (unsigned order = 0; order < AllocStats::kOrders; ++order) {
    add_rows(rows, machine_.allocator.stats(), Order{order});
  }
  return rows;
}

void Recorder::boot() {
  observer_.on_boot(sampler_.take(state()));
}

void Recorder::begin() {
  begun_ = true;
  machine_.allocator.stats().clear_latency();
  sampler_.set_baseline(state());
}

void Recorder::sample() {
  observer_.on_sample(sampler_.take(state()));
  observer_.on_latency(latency_rows());
}

void Recorder::snapshot() {
  observer_.on_snapshot(sampler_.take(state()));
}

void Recorder::event(RunEvent event) {
  if (begun_ || measured() >= Ns{0}) {
    event.time = measured();
    observer_.on_event(event);
  }
}

void Recorder::progress(double fraction) {
  observer_.on_progress({fraction, machine_.memory.clock().now, page_operations(machine_.memory)});
  if (observer_.wants_glimpse()) {
    observer_.on_glimpse(sampler_.take(state()));
  }
}

RunEnding Recorder::ending(std::string outcome) const {
  RunEnding ending;
  ending.outcome = std::move(outcome);
  ending.simulated = std::max(measured(), Ns{0});
  ending.latency = latency_rows();
  const Order gigantic = machine_.memory.zone(0).orders().gigablock;
  ending.hugepages_1g = latency_row(gigantic, "hugepage_1g", machine_.contig.stats().latency);
  ending.hugepages_1g_served = latency_row(gigantic, "hugepage_1g", machine_.contig.stats().served_latency);
  return ending;
}

}  // namespace gbsim
