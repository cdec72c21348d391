// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
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
 * Pages that left the buddy and were never announced by mm_page_alloc (the bulk allocator takes such), as
 * untraced.csv has them: rows `t_zone_locked_us,t_free_us,pfn`, the second empty for pages held to the end.
 */
class UntracedPages {
 public:
  UntracedPages() = default;
  /** Reads @file, perhaps compressed; times count from @origin. Throws BadRecording with the offset of a bad row. */
  UntracedPages(const std::filesystem::path& file, Ns origin);
  explicit UntracedPages(const std::vector<UntracedStay>& stays) { add(stays); }

  void add(const std::vector<UntracedStay>& stays);

  /** @pfn is held unannounced at @now, or will be as soon as it leaves its per-CPU list. */
  bool holds(Pfn pfn, Ns now) const;
  std::size_t size() const { return size_; }

 private:
  void add(const UntracedStay& stay);

  std::unordered_map<std::uint64_t, std::vector<UntracedStay>> stays_;
  PageBytes any_;  // by page: 1 where it has a stay, which few have
  std::size_t size_ = 0;
};

}  // namespace gbsim
