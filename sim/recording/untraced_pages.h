// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <unordered_map>
#include <vector>

#include "sim/base/types.h"
#include "sim/recording/page_bytes.h"

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
  bool holds(Pfn pfn, Ns now) const { return any_[pfn] != 0 && stays_at(pfn, now); }

 private:
  bool stays_at(Pfn pfn, Ns now) const;

  std::vector<UntracedStay> stays_;  // by page, then by time
  PageBytes any_;                    // by page: 1 where it has a stay, which few have
  std::unordered_map<std::uint64_t, std::span<const UntracedStay>> by_page_;  // those of one page
};

}  // namespace gbsim
