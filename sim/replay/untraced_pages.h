// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <unordered_map>
#include <vector>

#include "sim/base/types.h"
#include "sim/replay/page_bytes.h"

namespace gbsim {

/**
 * Pages that left the buddy and were never announced by mm_page_alloc (the bulk allocator takes such), as
 * untraced.csv has them: rows `t_zone_locked_us,t_free_us,pfn`, the second empty for pages held to the end.
 */
class UntracedPages {
 public:
  UntracedPages() = default;
  /** Reads @file, perhaps compressed; times count from @origin. Throws BadRecording with the offset of a bad row. */
  UntracedPages(const std::filesystem::path& file, Ns origin);

  /** @pfn is held unannounced at @now, or will be as soon as it leaves its per-CPU list. */
  bool holds(Pfn pfn, Ns now) const;
  std::size_t size() const { return size_; }

 private:
  struct Stay {
    Ns from;
    Ns until;
  };
  std::unordered_map<std::uint64_t, std::vector<Stay>> stays_;
  PageBytes any_;  // by page: 1 where it has a stay, which few have
  std::size_t size_ = 0;
};

}  // namespace gbsim
