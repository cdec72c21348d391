// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "sim/metrics/latency.h"
#include "sim/metrics/sample.h"
#include "sim/metrics/stranded.h"

namespace gbsim {

/** Which run this is; part of titles and of summary.json. */
struct RunIdentity {
  std::string scenario;
  std::string placement;
  std::string pcp;
  std::uint64_t seed = 0;
};

/** What depends on the machine gbsim ran on. The only part of the results that differs between equal runs. */
struct HostFigures {
  double wall_seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t peak_rss_bytes = 0;
};

/** How a run ended. */
struct RunEnding {
  std::string outcome = "completed";  // completed, interrupted, failed
  Ns simulated{0};                    // measured time, warm-up not included
  HostFigures host{};
  std::vector<LatencyRow> latency{};  // by order and class; the class "all" feeds latency_ns
  LatencyRow hugepages_1g{};          // latency of 1 GiB requests, refused ones too
  LatencyRow hugepages_1g_served{};   // of those that got a page
};

/** Gigablock transitions seen from sample to sample. */
struct GigablockChanges {
  std::uint64_t became_tainted = 0;
  std::uint64_t became_clean = 0;
  std::uint64_t tainted_begin = 0;
  std::uint64_t tainted_peak = 0;
  StrandedMemory before_taint{};               // at the last sample before a gigablock was tainted
  std::uint64_t most_without_reclaimable = 0;  // of StrandedMemory, over all samples
  std::uint64_t most_movable_only = 0;
};

/** summary.json, indented, with a final newline. @last is the sample at the end of the run. */
std::string summary_json(const RunIdentity& run, const Sample& last, const GigablockChanges& changes,
                         const RunEnding& ending);

}  // namespace gbsim
