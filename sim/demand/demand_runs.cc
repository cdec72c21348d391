// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/demand_runs.h"

#include <algorithm>
#include <map>
#include <utility>

namespace gbsim {

namespace {

Ns part(Ns whole, double share) {
  return Ns{static_cast<std::int64_t>(static_cast<double>(whole.count()) * share)};
}

/** @died is the time of death of @run too, as far as @rules tell. */
bool dies_with(const DemandRun& run, Ns died, const RunRules& rules) {
  if (run.outlives() || died == Ns::max()) {
    return run.outlives() && died == Ns::max();
  }
  const Ns apart = std::chrono::abs(died - run.died);
  return apart <= std::max(rules.instant, part(run.died - run.born, rules.alike));
}

/** @next, of blocks of @pages, goes on with @run. */
bool continues(const DemandRun& run, const DemandRun& next, std::uint64_t pages, const RunRules& rules) {
  const std::int64_t cell = std::max<std::int64_t>(1, rules.cell.count());
  return rules.cluster && (run.count + 1) * pages <= rules.longest_pages &&
         run.born.count() / cell == next.born.count() / cell && dies_with(run, next.died, rules);
}

void extend(DemandRun& run, const DemandRun& next) {
  run.last = next.born;
  run.died = std::max(run.died, next.died);
  ++run.count;
}

}  // namespace

std::vector<DemandRun> find_runs(const RecordedDemand& demand, const std::vector<std::uint16_t>& kind_of,
                                 const RunRules& rules) {
  std::vector<DemandRun> runs;
  std::map<std::pair<std::uint16_t, std::uint8_t>, std::size_t> open;  // by kind and CPU
  for (const RecordedAllocation& allocation : demand.allocations) {
    const Ns born = allocation.born - demand.begin;
    const Ns died = allocation.died == Ns::max() ? Ns::max() : allocation.died - demand.begin;
    const DemandRun next{born, born, died, 1, kind_of[allocation.kind]};
    const std::uint64_t pages = demand.kinds[allocation.kind].order.pages().value;
    const auto [place, is_new] = open.try_emplace({next.kind, allocation.cpu}, runs.size());
    if (!is_new && continues(runs[place->second], next, pages, rules)) {
      extend(runs[place->second], next);
      continue;
    }
    place->second = runs.size();
    runs.push_back(next);
  }
  return runs;
}

std::vector<DemandRun> find_old_runs(const std::vector<OldBlock>& blocks, const std::vector<std::uint16_t>& kinds,
                                     Ns begin, const RunRules& rules) {
  std::vector<DemandRun> runs;
  Pfn end{};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const DemandRun next{Ns{0}, Ns{0}, blocks[i].died - begin, 1, kinds[i]};
    const bool is_neighbour = !runs.empty() && blocks[i].pfn == end && runs.back().kind == next.kind;
    end = blocks[i].pfn + blocks[i].order.pages();
    if (is_neighbour && continues(runs.back(), next, blocks[i].order.pages().value, rules)) {
      extend(runs.back(), next);
    } else {
      runs.push_back(next);
    }
  }
  return runs;
}

}  // namespace gbsim
