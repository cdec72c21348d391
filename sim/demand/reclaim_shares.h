// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/types.h"

namespace gbsim {

/**
 * What part of the dying page cache, or of the dying anonymous memory, reclaim took, stretch by stretch. Events do not
 * tell who freed a page; vmstat counts what reclaim took.
 */
class ReclaimShares {
 public:
  /** From the end of the stretch before to @until, a part @share; by time. */
  void add(Ns until, double share);
  /**
   * Reclaim took what died at @died, or so it is assumed: as many as its share says, spread over the stretch; what dies
   * within a millisecond dies of one cause.
   */
  bool took(Ns died) const;

 private:
  struct Stretch {
    Ns until;
    double share;
  };
  std::vector<Stretch> stretches_;
};

/** Pages that reclaim took since boot, and how often somebody dropped the page cache. */
struct ReclaimedPages {
  std::uint64_t file = 0;
  std::uint64_t anon = 0;
  std::uint64_t drops = 0;
};

/** As the text of /proc/vmstat says; nothing if it does not. */
std::optional<ReclaimedPages> pages_reclaimed(const std::string& vmstat);

}  // namespace gbsim
