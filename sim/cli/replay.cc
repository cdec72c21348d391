// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/base/suggestion.h"
#include "sim/cli/print_errors.h"
#include "sim/cli/recording_options.h"
#include "sim/cli/replay_expect.h"
#include "sim/cli/what_if.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/result_dir.h"
#include "sim/replay/replay_modes.h"
#include "sim/replay/replay_report.h"
#include "sim/sweep/signal_watch.h"
#include "sim/sweep/status_line.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

void describe(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  std::string modes;
  for (const ReplayMode& mode : replay_modes()) {
    modes += fmt::format("{}{}: {}", modes.empty() ? "" : "; ", mode.name, mode.meaning);
  }
  options.add()("mode", text()->default_value(std::string(replay_modes().front().name)), modes.c_str());
  add_recording_options(options, "of places that a snapshot does not tell");
  options.add()("until", text(),
                "stop at this time of the recording's clock, as time_s in replay.json (mode what-if: after so long)");
  options.add()("calls-only", "mode allocs: calls alone lead back after a miss, not the list events");
  options.add()("expect", text(), "file of bounds on replay.json; exit status 3 if one does not hold");
  options.add()("output,o", text(), "result directory (default results/NAME-MODE-SEED)");
  options.add()("force", "replace an earlier replay's results in the directory");
  options.add()("quiet", "no progress");
}

const ReplayMode& mode_of(const OptionParser& options) {
  const std::string name = options.text("mode");
  const auto found = std::ranges::find(replay_modes(), name, &ReplayMode::name);
  if (found == replay_modes().end()) {
    std::vector<std::string_view> known{"what-if"};  // which asks_what_if() knows
    for (const ReplayMode& mode : replay_modes()) {
      known.push_back(mode.name);
    }
    throw UsageError(fmt::format("--mode {}: no such mode{}", name, suggestion(name, known)));
  }
  return *found;
}

ReplayRequest request_of(const OptionParser& options) {
  ReplayRequest request{recording_request(options)};
  if (options.has("until")) {
    request.until = options.time("until");
  }
  request.calls_only = options.has("calls-only");
  if (request.calls_only && options.text("mode") != "allocs") {
    throw UsageError("--calls-only: is for --mode allocs");
  }
  return request;
}

void show(StatusLine& line, const ReplayProgress& progress) {
  if (progress.total != 0) {
    const double share = static_cast<double>(progress.events) / static_cast<double>(progress.total);
    line.show(share, [&] {
      return fmt::format("{:5.1f} %  {:.1f} s of the recording", 100 * share,
                         std::chrono::duration<double>(progress.time).count());
    });
  }
}

fs::path result_dir(const OptionParser& options, const ReplayRequest& request, const ReplayMode& mode) {
  const fs::path standard = fs::path("results") / fmt::format("{}-{}-{}", recording_name(request.trace), mode.name,
                                                              request.seed);
  const fs::path dir = options.has("output") ? fs::path(options.text("output")) : standard;
  try {
    refuse_result_dir(dir, options.has("force"));
  } catch (const ResultDirRefused& refused) {
    throw UsageError(refused.what());
  }
  return dir;
}

/** With progress; to the end, or to @signal. */
ReplayOutcome run_mode(const ReplayMode& mode, ReplayRequest request, bool quiet, int& signal) {
  StatusLine line(quiet);
  std::optional<SignalWatch> watch;  // from the first event on: before, there is nothing to be kept
  request.on_progress = [&](const ReplayProgress& progress) {
    if (!watch) {
      watch.emplace();
    }
    show(line, progress);
    signal = watch->noted();
    return signal == 0;
  };
  return mode.run(request);
}

int replay(const OptionParser& options, const ReplayMode& mode, const std::vector<Bound>& bounds) {
  const ReplayRequest request = request_of(options);
  const fs::path dir = result_dir(options, request, mode);
  int signal = 0;
  const ReplayOutcome outcome = run_mode(mode, request, options.has("quiet"), signal);
  const std::string json = replay_json(outcome);
  prepare_result_dir(dir, options.has("force"));
  write_atomically(dir / "replay.json", json);
  fmt::print("{}", replay_text(outcome));
  if (signal != 0) {
    fmt::print("results: {}\noutcome: interrupted; what is said holds up to then\n", dir.string());
    return interrupted_by(signal);
  }
  const bool all_hold = print_verdicts(bounds, recording_name(request.trace), json);
  fmt::print("results: {}\n", dir.string());
  return all_hold ? kDone : kBoundBroken;
}

}  // namespace

int run_replay(Arguments arguments) {
  if (asks_what_if(arguments)) {
    return run_what_if_command(arguments);
  }
  OptionParser options("replay", "TRACE");
  describe(options);
  if (options.parse(arguments)) {
    fmt::print("\nThe recorded demand on another placement: 'gbsim replay --mode what-if --help' has its options.\n");
    return kDone;
  }
  const ReplayMode& mode = mode_of(options);
  Diagnostics errors;
  std::vector<Bound> bounds;
  if (options.has("expect")) {
    bounds = read_replay_bounds(options.text("expect"), recording_name(options.operand()), errors);
  }
  if (!errors.empty()) {
    print_errors(errors);
    return kBadInput;
  }
  return replay(options, mode, bounds);
}

}  // namespace gbsim::cli
