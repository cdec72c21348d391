// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/replay.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "sim/base/params.h"
#include "sim/base/units.h"
#include "sim/cli/options.h"
#include "sim/cli/replay_expect.h"
#include "sim/cli/scenario_input.h"
#include "sim/cli/what_if.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/result_dir.h"
#include "sim/replay/allocs_mode.h"
#include "sim/replay/byte_source.h"
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
  options.add()("snapshot", text(), "snapshots: directory, tar archive or pgsnap file (default: those beside TRACE)");
  options.add()("until", text(), "stop at this time of the recording's clock, as time_s in replay.json");
  options.add()("kernel", text()->default_value("auto"), "rules: 6.1, 6.12, or auto, as the recording tells");
  options.add()("no-aux", "ignore untraced.csv and hidden.csv beside the trace");
  options.add()("calls-only", "mode allocs: calls alone lead back after a miss, not the list events");
  options.add()("expect", text(), "file of bounds on replay.json; exit status 3 if one does not hold");
  options.add()("output,o", text(), "result directory (default results/NAME-MODE-SEED)");
  options.add()("seed", text()->default_value("1"), "of places that a snapshot does not tell");
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

std::optional<KernelVersion> kernel_of(const OptionParser& options) {
  const std::string name = options.text("kernel");
  const auto kernel = kernel_called(name);
  if (!kernel && name != "auto") {
    throw UsageError(fmt::format("--kernel {}: 6.1, 6.12 or auto allowed", name));
  }
  return kernel;
}

std::optional<Ns> until_of(const OptionParser& options) {
  if (!options.has("until")) {
    return std::nullopt;
  }
  const auto time = parse_time(options.text("until"));
  if (!time) {
    throw UsageError(fmt::format("--until {}: wants a time such as 30s or 1m30s", options.text("until")));
  }
  return time;
}

std::uint64_t seed_of(const OptionParser& options) {
  const auto seed = parse_integer(options.text("seed"));
  if (!seed || *seed < 0) {
    throw UsageError(fmt::format("--seed {}: wants a whole number", options.text("seed")));
  }
  return static_cast<std::uint64_t>(*seed);
}

/** Recordings of one kind bear the same file name: their directory tells them apart. */
std::string name_of(const fs::path& trace) {
  const std::string file = trace.filename().string();
  const std::string stem = file.substr(0, file.find('.'));
  const std::string dir = fs::absolute(trace).lexically_normal().parent_path().filename().string();
  return stem == "events" || stem == "trace" ? dir : stem;
}

ReplayRequest request_of(const OptionParser& options) {
  ReplayRequest request;
  request.trace = options.operand();
  if (options.has("snapshot")) {
    request.snapshots = options.text("snapshot");
  }
  request.until = until_of(options);
  request.kernel = kernel_of(options);
  request.uses_aux = !options.has("no-aux");
  request.calls_only = options.has("calls-only");
  request.seed = seed_of(options);
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
  const fs::path standard = fs::path("results") / fmt::format("{}-{}-{}", name_of(request.trace), mode.name,
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
  if (!fs::exists(request.trace)) {
    throw UsageError(fmt::format("{}: no such file", request.trace.string()));
  }
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
  const bool all_hold = print_verdicts(bounds, name_of(request.trace), json);
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
    bounds = read_replay_bounds(options.text("expect"), name_of(options.operand()), errors);
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
