// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/maybe.h"
#include "sim/base/types.h"
#include "sim/mm/migratetype.h"
#include "sim/recording/event_tally.h"

namespace gbsim {

/** Pages foretold, out of pages that left the kernel's lists or were handed out. */
struct ExactCount {
  std::uint64_t predicted = 0;
  std::uint64_t total = 0;

  void add(bool exact) {
    predicted += exact ? 1 : 0;
    ++total;
  }
  /** 1 if nothing was to be foretold. */
  double share() const {
    return total == 0 ? 1.0 : static_cast<double>(predicted) / static_cast<double>(total);
  }
};

/** Fallback decisions, and how many agreed with the kernel's in each respect; `same_decision` in all of them. */
struct FallbackScore {
  std::uint64_t total = 0;
  std::uint64_t same_decision = 0;
  std::uint64_t own_list_empty = 0;
  std::uint64_t same_order_and_type = 0;
  std::uint64_t same_page = 0;
  std::uint64_t same_claim = 0;
};

/** What one stretch of the recording scored. */
struct Score {
  ExactCount all{};
  std::array<ExactCount, kNrMigratetypes> by_type{};
  FallbackScore fallbacks{};

  void add(Migratetype type, bool exact) {
    all.add(exact);
    by_type[index(type)].add(exact);
  }
};

/** The exact share of one window of the recording: kWindow pages foretold, or what is left at the end. */
struct ScoreWindow {
  static constexpr std::uint64_t kWindow = 200'000;

  Ns begin{0};
  ExactCount count{};
};

/** The first page foretold wrongly, with what stood at the head of our list. */
struct Mismatch {
  Ns time{0};
  unsigned cpu = 0;
  Order order{};
  Migratetype type = Migratetype::unmovable;
  Pfn kernel{};
  std::string where{};             // the kernel's page in our lists, in words
  Maybe<Pfn> ours{};               // nothing: our lists are empty
  std::vector<Pfn> our_list{};     // its first blocks
  std::vector<Pfn> kernel_list{};  // of the list that holds the kernel's page in our model
};

/** Everything a replay reports besides the snapshots. */
struct ReplayCounts {
  std::uint64_t events = 0;
  EventTally skipped{};      // no part in the replay
  EventTally corrections{};  // where the model was led back to the recording
  Score whole{};
  std::optional<Score> before_compaction{};  // until the first; the whole if there was none
  std::vector<ScoreWindow> windows{};
  std::optional<Mismatch> first_mismatch{};

  /** A page for a request of @type was foretold at @time. */
  void score(Ns time, Migratetype type, bool exact) {
    whole.add(type, exact);
    if (windows.empty() || windows.back().count.total == ScoreWindow::kWindow) {
      windows.push_back(ScoreWindow{time, {}});
    }
    windows.back().count.add(exact);
  }
};

}  // namespace gbsim
