// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/process_pool.h"
#include "sim/sweep/run_summary.h"

namespace gbsim {

/** One run of the simulator in a process of its own: everything that tells it from other runs. */
struct PointRun {
  std::filesystem::path scenario;
  std::filesystem::path dir;              // its result directory
  std::vector<std::string> settings{};    // "KEY=VALUE", as for --set
  std::uint64_t seed = 1;
  std::uint64_t simulated_memory = 0;     // bytes of the simulated machine
};

/** What bounds a run from outside. */
struct RunLimits {
  std::optional<std::chrono::nanoseconds> timeout{};  // of wall time
  std::uint64_t memory = 0;                           // resident bytes; 0: no limit
};

/**
 * What a run left behind. @outcome is completed, failed, crashed, timeout, out-of-memory or lost; or stopped, which is
 * not recorded: the run is to be done again.
 */
struct RunOutcome {
  std::string outcome;
  std::string reason{};                 // for people; empty if completed
  std::optional<RunSummary> summary{};  // if completed
  int stopped_by = 0;                   // the signal, if stopped
};

/** The words that run @run with the program @gbsim ("gbsim" if empty); they need nothing but the files they name. */
std::vector<std::string> run_command(const std::filesystem::path& gbsim, const PointRun& run);
/** @words as one line for a POSIX shell. */
std::string shell_line(const std::vector<std::string>& words);

/**
 * The words that do @run wherever they are started, under @limits, and leave results or a recorded failure in its
 * directory. Paths are absolute; a run whose outcome is recorded is not repeated.
 */
std::vector<std::string> point_command(const std::filesystem::path& gbsim, const PointRun& run,
                                       const RunLimits& limits);

/** Where the output of @run goes while it has no outcome. */
std::filesystem::path run_log(const PointRun& run);

/**
 * The job of @run with the program @gbsim, or this one if that is empty; its directory made and its log named. Throws
 * OutputError if the directory cannot be made.
 */
ProcessJob run_job(const std::filesystem::path& gbsim, const PointRun& run, const RunLimits& limits);

/** What stands in @dir: a finished run, a recorded failure, or nullopt if the run has not ended. */
std::optional<RunOutcome> recorded_outcome(const std::filesystem::path& dir);

/** Turns the end of a run's process into its recorded outcome; a completed run loses its log. */
RunOutcome settle_run(const PointRun& run, const RunLimits& limits, const ProcessEnd& end);

/** Somebody stopped a run with @signal. */
RunOutcome stopped_run(int signal);

/** Records that @run ended without results, so that it is not repeated. */
RunOutcome record_failure(const PointRun& run, const std::string& outcome, const std::string& reason);

/** This program, to be run again. */
std::filesystem::path own_program();

}  // namespace gbsim
