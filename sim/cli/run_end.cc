// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/run_end.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <iostream>

#include "sim/cli/command.h"
#include "sim/sweep/signal_watch.h"

namespace gbsim::cli {

namespace fs = std::filesystem;

namespace {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int exit_code(const RunEnding& ending, int signal) {
  if (ending.outcome == "completed") {
    return kDone;
  }
  return signal != 0 ? interrupted_by(signal) : kFailed;
}

/** False if there could have been pictures, but are not. */
bool draw(const fs::path& dir) {
  const PlotOutcome outcome = draw_plots(dir);
  if (!outcome.pictures.empty()) {
    fmt::print("plots: {}\n", (dir / "plots").string());
  }
  return report_plots(outcome);
}

}  // namespace

bool report_plots(const PlotOutcome& outcome) {
  for (const std::string& problem : outcome.problems) {
    std::cerr << "gbsim: plots: " << problem << '\n';
  }
  return !outcome.failed;
}

HostFigures host_figures(std::chrono::steady_clock::time_point started) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return HostFigures{wall, cpu_seconds(), static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
}

int end_run(const fs::path& dir, const RunEnding& ending, int signal, bool plots) {
  const SignalWatch watch;  // the results are there: pictures are all that can be lost
  const bool is_drawn = !plots || draw(dir);
  fmt::print("results: {}\n", dir.string());
  if (watch.noted() != 0) {
    fmt::print("interrupted after the run's end; 'gbsim plot {}' draws what is missing\n", dir.string());
    return interrupted_by(watch.noted());
  }
  if (ending.outcome != "completed") {
    fmt::print("outcome: {}; all samples up to then are complete\n", ending.outcome);
  }
  const int code = exit_code(ending, signal);
  return code == kDone && !is_drawn ? kFailed : code;
}

}  // namespace gbsim::cli
