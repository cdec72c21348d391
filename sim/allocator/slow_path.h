// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "sim/allocator/page_request.h"
#include "sim/allocator/pressure.h"
#include "sim/base/maybe.h"
#include "sim/base/types.h"
#include "sim/mm/alloc_flags.h"

namespace gbsim {

class PageAllocator;

/** What one step of the slow path came to. `failed` goes straight to the last step. */
enum class SlowOutcome : std::uint8_t { next_step, retry, got_page, failed };

/** One slow allocation from its first wake-up to its end; the counters bound how often it may retry. */
struct SlowPath {
  PageRequest request;
  AllocFlags flags;
  Maybe<Pfn> page{};
  NrPages reclaimed{};                                    // by the last direct reclaim
  CompactOutcome compacted = CompactOutcome::skipped;     // by the last direct compaction
  CompactPriority priority = CompactPriority::sync_light;  // of the next one
  unsigned no_progress_loops = 0;
  unsigned compact_retries = 0;
  unsigned oom_kills = 0;
  unsigned rounds = 0;
};

/** A named step: tables of these are the order of preference. */
struct SlowStep {
  std::string_view name;
  SlowOutcome (*run)(PageAllocator& allocator, SlowPath& path);
};

/** The steps in order; a retry starts again at `reserves`. */
std::span<const SlowStep> slow_steps();

/** What happens when the free lists above the low watermark could not serve @request: __alloc_pages_slowpath(). */
Maybe<Pfn> slow_path(PageAllocator& allocator, const PageRequest& request);

}  // namespace gbsim
