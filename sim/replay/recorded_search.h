// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "sim/mm/zone.h"
#include "sim/recording/trace_event.h"
#include "sim/reclaim/fast_search.h"
#include "sim/replay/compaction_runs.h"

namespace gbsim {

/**
 * What a recorded search for a target, a fast_isolate event of @run, met on our free lists. The kernel tells how many
 * blocks it met and the order of the one it took: a search of ours that gives both is taken for the same. First one as
 * the run's state has it, then with other beginnings and limits. Nothing: none gives both, our lists differ.
 */
std::optional<FoundTarget> recorded_target(const Zone& zone, const TraceEvent& event, const CompactionRun& run);

/** What the run's next such search begins with, @found or not. */
void note_search(CompactionRun& run, const TraceEvent& event, const std::optional<FoundTarget>& found,
                 const Zone& zone);

/**
 * The look for a pageblock to move pages out of, with which a run goes on after @event, a compaction_check. Where it
 * led is known (SourceScans), which blocks it must not take is not. Nothing: the kernel does not look there.
 */
std::optional<FoundSource> recorded_source(const Zone& zone, const TraceEvent& event, const CompactionRun& run);

}  // namespace gbsim
