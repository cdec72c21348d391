// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "sim/recording/trace_event.h"

namespace gbsim {

/** Of a 1 GiB page. */
inline constexpr Order kGiganticOrder{18};

/** A 1 GiB page from its allocation to its end. Times are of the recording's clock. */
struct GiganticLife {
  Pfn pfn{};
  Ns born{0};
  Ns died{Ns::max()};  // max: it outlives the recording
  std::uint16_t cpu = 0;

  bool operator==(const GiganticLife&) const = default;
};

/**
 * The 1 GiB pages of a recording. No event announces their allocation: whole pageblocks that one CPU isolates, one
 * after the other, until an aligned GiB is complete (contiguous_pages()), tell it. Their end is announced as one free
 * (6.12) or as one of each page (6.1). Attempts that fail show nothing.
 */
class GiganticPages {
 public:
  /** Every isolate_range has to be given here. */
  void note_isolation(const TraceEvent& event);
  /** Whether @freed is of such a page, which ends with the last of its parts, or is one itself. */
  bool release(const TraceEvent& freed);
  /** Something else has @pfn at @time: a page that held it had ended, unannounced. */
  void give_way(Pfn pfn, Ns time);

  /** A page that is there. */
  struct Held {
    GiganticLife life{};
    NrPages freed{};  // single pages of it so far
  };
  /** By first page. */
  const std::map<Pfn, Held>& held() const { return held_; }
  /** All of them, by birth; nothing is held afterwards. Those that had no birth have been there since @begin. */
  std::vector<GiganticLife> finish(Ns begin);

 private:
  /** Pageblocks isolated one after the other. */
  struct Run {
    Pfn from{};
    Pfn to{};
  };

  void end(Pfn first, Ns time);

  std::unordered_map<std::uint16_t, Run> runs_;  // by CPU
  std::map<Pfn, Held> held_;
  std::vector<GiganticLife> ended_;
};

}  // namespace gbsim
