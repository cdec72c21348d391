// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/compaction_runs.h"

#include <algorithm>
#include <utility>

namespace gbsim {

namespace {

using Blocks = std::vector<RecordedPages::FreeBlock>;

/** Where there are too many, the latest are kept: events are lost, and whoever ended without one is waited for. */
void keep_latest(Blocks& blocks, const RecordedPages::FreeBlock& block) {
  constexpr auto kHalf = CompactionRun::kMostHeld / 2;
  if (blocks.size() == CompactionRun::kMostHeld) {
    blocks.erase(blocks.begin(), blocks.begin() + kHalf);
  }
  blocks.push_back(block);
}

}  // namespace

void CompactionRun::hold(const RecordedPages::FreeBlock& block) { keep_latest(held, block); }

bool CompactionRun::holds(Pfn pfn) const {
  return std::ranges::any_of(held, [pfn](const RecordedPages::FreeBlock& block) {
    return block.head <= pfn && pfn < block.head + block.order.pages();
  });
}

CompactionRun& CompactionRuns::note(const TraceEvent& event) {
  tasks_[event.cpu] = task_of(event);
  CompactionRun& run = runs_[task_of(event)];
  switch (event.kind) {
    case EventKind::compaction:
      run.migrate_pfn = event.pfn;
      run.free_pfn = event.to;
      break;
    case EventKind::compaction_check:
      run.search_order = run.wish == Order{0} ? event.order : run.search_order;
      run.wish = event.order;
      break;
    case EventKind::scan_source:
      run.migrate_pfn = event.to;
      run.moves_pages = found_pages(event);
      run.last_migrated = found_pages(event) ? event.pfn.align_down(pageblock_) : run.last_migrated;
      break;
    case EventKind::migrated:
      run.moves_pages = false;
      break;
    case EventKind::fast_isolate:
      run.free_pfn = event.to;
      break;
    default:
      break;
  }
  return run;
}

void CompactionRuns::end(const TraceEvent& event) {
  if (const auto run = runs_.extract(task_of(event))) {
    for (const RecordedPages::FreeBlock& block : run.mapped().held) {
      keep_latest(nobodys_, block);
    }
  }
}

void CompactionRuns::hold(std::uint16_t cpu, const RecordedPages::FreeBlock& block) {
  const auto run = runs_.find(tasks_[cpu]);
  run != runs_.end() ? run->second.hold(block) : keep_latest(nobodys_, block);
}

std::vector<RecordedPages::FreeBlock> CompactionRuns::take_nobodys() {
  return runs_.empty() ? std::exchange(nobodys_, {}) : std::vector<RecordedPages::FreeBlock>{};
}

bool CompactionRuns::any_moves_pages() const {
  return std::ranges::any_of(runs_, [](const auto& run) { return run.second.moves_pages; });
}

bool CompactionRuns::is_kept(Pfn pfn) const {
  return std::ranges::any_of(runs_, [pfn](const auto& run) { return run.second.moves_pages && run.second.holds(pfn); });
}

bool CompactionRuns::has_passed_block(const TraceEvent& event, CompactionRun& run) {
  const bool is_after_round = event.kind == EventKind::compaction_check || event.kind == EventKind::compaction_end;
  if (!is_after_round || run.wish == Order{0} || !run.last_migrated ||
      *run.last_migrated >= run.migrate_pfn.align_down(run.wish)) {
    return false;
  }
  run.last_migrated.reset();
  return true;
}

}  // namespace gbsim
