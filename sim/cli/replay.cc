// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/replay.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "sim/base/params.h"
#include "sim/cli/recording_options.h"
#include "sim/cli/replay_expect.h"
#include "sim/cli/scenario_input.h"
#include "sim/cli/what_if.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/result_dir.h"
#include "sim/recording/byte_source.h"
#include "sim/replay/allocs_mode.h"
#include "sim/replay/lists_mode.h"
#include "sim/replay/replay_report.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

/** Chosen by --mode. */
constexpr std::array kModes{
    ReplayMode{"lists", "lock-step: list events foretell each page and fallback", replay_lists},
    ReplayMode{"allocs", "calls drive our allocator with its per-CPU lists", replay_allocs},
};

void describe(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  std::string modes;
  for (const ReplayMode& mode : kModes) {
    modes += fmt::format("{}{}: {}", modes.empty() ? "" : "; ", mode.name, mode.meaning);
  }
  options.add()("mode", text()->default_value(std::string(kModes[0].name)), modes.c_str());
  add_recording_options(options, "of places that a snapshot does not tell");
  options.add()("until", text(), "stop at this time of the recording's clock, as time_s in replay.json");
  options.add()("calls-only", "mode allocs: calls alone lead back after a miss, not the list events");
  options.add()("expect", text(), "file of bounds on replay.json; exit status 3 if one does not hold");
  options.add()("output,o", text(), "result directory (default results/NAME-MODE-SEED)");
  options.add()("force", "replace an earlier replay's results in the directory");
  options.add()("quiet", "no progress");
}

const ReplayMode& mode_of(const OptionParser& options) {
  const std::string name = options.text("mode");
  const auto found = std::ranges::find(kModes, name, &ReplayMode::name);
  if (found == kModes.end()) {
    std::vector<std::string_view> known;
    for (const ReplayMode& mode : kModes) {
      known.push_back(mode.name);
    }
    throw UsageError(fmt::format("--mode {}: did you mean '{}'?", name, nearest_name(name, known)));
  }
  return *found;
}

ReplayRequest request_of(const OptionParser& options) {
  ReplayRequest request = recording_request(options);
  if (options.has("until")) {
    request.until = options.time("until");
  }
  request.calls_only = options.has("calls-only");
  return request;
}

/** On a terminal one line that is redrawn, otherwise a line every ten percent. */
class ReplayLine {
 public:
  explicit ReplayLine(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}
  ~ReplayLine() {
    if (drawn_) {
      fmt::print(stderr, "\n");
    }
  }

  void show(const ReplayProgress& progress) {
    if (quiet_ || progress.total == 0 || !is_wanted(progress.events * 10 / progress.total)) {
      return;
    }
    const double share = 100.0 * static_cast<double>(progress.events) / static_cast<double>(progress.total);
    fmt::print(stderr, "{}{:5.1f} %  {:.1f} s of the recording{}", terminal_ ? "\r" : "", share,
               std::chrono::duration<double>(progress.time).count(), terminal_ ? "" : "\n");
    drawn_ = terminal_;
  }

 private:
  bool is_wanted(std::uint64_t tenth) {
    const bool is_next = tenth >= next_tenth_;
    next_tenth_ = is_next ? tenth + 1 : next_tenth_;
    return terminal_ || is_next;
  }

  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  std::uint64_t next_tenth_ = 1;
};

fs::path result_dir(const OptionParser& options, const ReplayRequest& request, const ReplayMode& mode) {
  const fs::path standard = fs::path("results") / fmt::format("{}-{}-{}", recording_name(request.trace), mode.name,
                                                              request.seed);
  const fs::path dir = options.has("output") ? fs::path(options.text("output")) : standard;
  try {
    prepare_result_dir(dir, options.has("force"));
  } catch (const ResultDirRefused& refused) {
    throw UsageError(refused.what());
  }
  return dir;
}

int replay(const OptionParser& options, const ReplayMode& mode, const std::vector<Bound>& bounds) {
  ReplayRequest request = request_of(options);
  const fs::path dir = result_dir(options, request, mode);
  ReplayOutcome outcome;
  {
    ReplayLine line(options.has("quiet"));
    request.on_progress = [&](const ReplayProgress& progress) { line.show(progress); };
    outcome = mode.run(request);
  }
  const std::string json = replay_json(outcome);
  write_atomically(dir / "replay.json", json);
  fmt::print("{}", replay_text(outcome));
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
  try {
    return replay(options, mode, bounds);
  } catch (const BadRecording& bad) {
    std::cerr << bad.what() << '\n';
    return kBadInput;
  }
}

}  // namespace gbsim::cli
