// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/demand/fit_phases.h"
#include "sim/demand/recording_moments.h"

namespace gbsim {

/** One class of a churn, as `gbsim workloads churn` documents its keys. */
struct FittedClass {
  std::string name{};
  Order order{};
  Migratetype type = Migratetype::unmovable;
  std::string gfp{};
  std::string lru{};
  std::vector<double> burst{1};     // quantiles of allocations an arrival; one value: fixed
  Ns spacing{0};                    // between them, on average
  std::uint64_t initial = 0;        // arrivals from the beginning,
  std::vector<Ns> initial_life{};   // quantiles of their life; none: forever
  bool left_to_reclaim = false;     // arrivals live until reclaim takes them; their phases say only when they come
  std::vector<FittedPhase> phases{};
};

/** A workload of the same mix as a recording. */
struct ChurnFit {
  std::vector<FittedClass> classes{};
  Ns length{0};  // of the recording, and of one round of the phases
  unsigned cpus = 1;
  NrPages managed{};  // of the recorded machine; none if no snapshot said so
  std::uint64_t swap_bytes = 0;
  std::uint64_t allocations = 0;
};

/** What a fit is to look for. */
struct FitOptions {
  bool cluster = true;   // who dies together; without it each allocation dies by itself
  unsigned cells = 1024;  // the recording's time is looked at in so many parts
};

/** Throws nothing: any recording has a fit. */
ChurnFit fit_churn(const RecordingWithMoments& recording, const FitOptions& options);

}  // namespace gbsim
