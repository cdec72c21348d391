// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/pilot.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "sim/metrics/output_file.h"
#include "sim/sweep/lone_run.h"
#include "sim/sweep/progress_display.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{60};
constexpr std::uint64_t kMiB = 1 << 20;

/** A directory that goes away with everything in it. */
class ScratchDir {
 public:
  ScratchDir() : path_((fs::temp_directory_path() / "gbsim-pilot-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) {
      throw OutputError("cannot create a temporary directory; set TMPDIR to one you may write to");
    }
  }
  ~ScratchDir() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;

  fs::path path() const { return path_; }

 private:
  std::string path_;
};

/** The first run of the point whose machine has most memory: no other run is likely to hold more. */
PointRun largest_run(const Sweep& sweep) {
  const auto memory_of = [&](const SweepPoint& point) { return sweep.run_of(point, 0).simulated_memory; };
  return sweep.run_of(*std::ranges::max_element(sweep.points(), {}, memory_of), 0);
}

}  // namespace

std::string estimate_text(const PilotRun& pilot, std::size_t runs, unsigned jobs, std::uint64_t memory) {
  const std::uint64_t fitting = std::max<std::uint64_t>(1, memory / std::max<std::uint64_t>(1, pilot.peak_memory));
  const auto at_once = std::min<std::uint64_t>({jobs, fitting, std::max<std::size_t>(1, runs)});
  const std::uint64_t rounds = (runs + at_once - 1) / at_once;
  return fmt::format("one run: {:.1f} s, {} MiB; {} runs, {} at once: about {}, {} MiB\n", pilot.seconds,
                     pilot.peak_memory / kMiB, runs, at_once,
                     duration_text(pilot.seconds * static_cast<double>(rounds)), at_once * pilot.peak_memory / kMiB);
}

std::string pilot_estimate(Sweep& sweep, const std::string& base, const BatchOptions& options) {
  const ScratchDir scratch;
  write_atomically(scratch.path() / "base.yaml", base);
  PointRun run = largest_run(sweep);
  run.scenario = scratch.path() / "base.yaml";
  run.dir = scratch.path() / "run";
  BatchOptions bounded = options;
  bounded.limits.timeout = kPatience;
  const RunOutcome outcome = run_alone(run, bounded).outcome;
  if (!outcome.summary) {
    return fmt::format("no estimate: one run {} ({})\n",
                       outcome.outcome == "timeout" ? "takes longer than a minute" : "did not complete",
                       outcome.reason);
  }
  const auto host = [&](const char* path) { return outcome.summary->value(path).value_or(0); };
  const PilotRun pilot{host("host.wall_seconds"), static_cast<std::uint64_t>(host("host.peak_rss_bytes"))};
  return estimate_text(pilot, sweep.total(), options.jobs, batch_memory(options));
}

}  // namespace gbsim
