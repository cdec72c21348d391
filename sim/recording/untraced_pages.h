// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "sim/base/types.h"
#include "sim/recording/by_page.h"

namespace gbsim {

/** A page that left the buddy at @from, was never announced, and was freed at @until. */
struct UntracedStay {
  Pfn pfn{};
  Ns from{0};
  Ns until{0};
};

/**
 * What untraced.csv tells, by the time pages left: rows `t_zone_locked_us,t_free_us,pfn`, the second empty for pages
 * held to the end. Times count from @origin. Throws BadRecording with the line of a bad row, or with a page that leaves
 * twice and is not freed between.
 */
std::vector<UntracedStay> read_untraced(const std::filesystem::path& file, Ns origin);

/** Pages that left the buddy and were never announced by mm_page_alloc: the bulk allocator takes such. */
class UntracedPages {
 public:
  UntracedPages() = default;
  /** Stays of one page do not overlap. */
  explicit UntracedPages(std::vector<UntracedStay> stays);

  /** @pfn is held unannounced at @now, or will be as soon as it leaves its per-CPU list. */
  bool holds(Pfn pfn, Ns now) const {
    const Run run = runs_[pfn];
    return run.count != 0 && stays_at(run, now);
  }

 private:
  /** Stays of one page: so many of stays_. */
  struct Run {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  bool stays_at(Run run, Ns now) const;

  std::vector<UntracedStay> stays_;  // by page, then by time
  ByPage<Run, kFewPages> runs_;
};

}  // namespace gbsim
