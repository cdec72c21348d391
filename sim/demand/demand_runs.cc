// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/demand_runs.h"

#include <algorithm>
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
  const bool is_alike = run.reclaimed == next.reclaimed && run.used == next.used;
  return rules.cluster && is_alike && (run.count + 1) * pages <= rules.longest_pages &&
         run.born.count() / cell == next.born.count() / cell && dies_with(run, next.died, rules);
}

void extend(DemandRun& run, const DemandRun& next) {
  run.last = next.born;
  run.died = std::max(run.died, next.died);
  ++run.count;
}

}  // namespace

void RunFinder::add(const DemandRun& next, unsigned cpu, std::uint64_t pages) {
  const auto [place, is_new] = open_.try_emplace({next.cls, cpu}, next);
  if (is_new) {
    return;
  }
  if (continues(place->second, next, pages, rules_)) {
    extend(place->second, next);
    return;
  }
  found_(place->second);
  place->second = next;
}

void RunFinder::finish() {
  for (const auto& [key, run] : open_) {
    found_(run);
  }
  open_.clear();
}

std::vector<DemandRun> find_old_runs(const std::vector<OldBlock>& blocks, const std::vector<std::uint16_t>& classes,
                                     Ns begin, const RunRules& rules) {
  std::vector<DemandRun> runs;
  Pfn end{};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const DemandRun next{Ns{0}, Ns{0}, blocks[i].died - begin, 1, classes[i]};
    const bool is_neighbour = !runs.empty() && blocks[i].pfn == end && runs.back().cls == next.cls;
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
