// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/what_if.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

#include "sim/cli/print_errors.h"
#include "sim/cli/progress.h"
#include "sim/cli/recording_options.h"
#include "sim/cli/run_end.h"
#include "sim/cli/run_options.h"
#include "sim/cli/scenario_input.h"
#include "sim/demand/fit_check.h"
#include "sim/demand/what_if.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/result_dir.h"
#include "sim/metrics/result_writer.h"
#include "sim/replay/replay_report.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/writer.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

/** An option that stands for a scenario key. */
struct Shorthand {
  const char* option;
  const char* key;
  const char* meaning;
};

constexpr std::array kShorthands{
    Shorthand{"placement", "placement", "placement strategy (default linux)"},
    Shorthand{"pcp", "pcp", "per-CPU page lists (default linux)"},
    Shorthand{"gigablock-order", "machine.gigablock_order", "size of a gigablock: 14 is 64 MiB (default 18, 1 GiB)"},
    Shorthand{"memory", "machine.memory", "memory of the machine (default: as the snapshots say)"},
    Shorthand{"until", "duration",
              "stop so long after the recording's first event, as time_s in timeseries.csv (the other modes: at a time "
              "of its clock)"},
};

void describe(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("mode", text(), "what-if: the recorded demand on a machine of your choice");
  for (const Shorthand& shorthand : kShorthands) {
    options.add()(shorthand.option, text(), shorthand.meaning);
  }
  add_recording_options(options, "of all random streams, and of places that a snapshot does not tell");
  options.add()("daemons", "our kswapd, kcompactd and gigablock worker run; else only who allocates compacts");
  options.add()("set", po::value<std::vector<std::string>>(), "KEY=VALUE: any scenario key or tunable; repeatable");
  options.add()("output,o", text(), "result directory (default results/NAME-PLACEMENT-SEED)");
  options.add()("force", "replace an earlier run's results in the directory");
  options.add()("quiet", "no progress");
  options.add()("no-plots", "write no pictures");
}

std::vector<Override> overrides_of(const OptionParser& options) {
  std::vector<Override> overrides;
  for (const Shorthand& shorthand : kShorthands) {
    if (options.has(shorthand.option)) {
      const std::string value = options.text(shorthand.option);
      overrides.push_back({shorthand.key, value, fmt::format("--{} {}", shorthand.option, value)});
    }
  }
  for (const std::string& words : options.texts("set")) {
    overrides.push_back(override_from(words));
  }
  return overrides;
}

/** A scenario's name: without what it may not have. */
std::string scenario_name(const fs::path& trace) {
  constexpr std::size_t kLongest = 64;
  std::string name = recording_name(trace);
  const auto is_allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; };
  std::ranges::replace_if(name, std::not_fn(is_allowed), '-');
  return name.empty() ? "recording" : name.substr(0, kLongest);
}

/** The scenario with all that the command line says; nothing, and every error printed, if that is wrong. */
std::optional<Scenario> scenario_of(const OptionParser& options, const RecordingRequest& request,
                                    const RecordingWithMoments& recording) {
  const auto overrides = overrides_of(options);
  const NrPages managed = recording.moments.empty() ? NrPages{} : recording.moments.front().managed;
  if (managed == NrPages{} && !options.has("memory")) {
    throw UsageError("no snapshot says how large the machine is: --memory SIZE is needed");
  }
  Scenario like = scenario_like(recording, scenario_name(request.trace), memory_managing(managed),
                                options.has("daemons"));
  like.seed = request.seed;
  const WorkloadCatalog models;
  const ReadResult read = read_scenario_text(write_scenario(like), "replay", ReadOptions{models, {}, overrides});
  print_errors(read.errors);
  return read.errors.empty() ? read.scenario : std::nullopt;
}

/** Passes what a run reports to the result files. */
class ResultObserver final : public RunObserver {
 public:
  ResultObserver(ResultWriter& writer, ProgressDisplay& progress) : writer_(writer), progress_(progress) {}

  void on_boot(const Sample& sample) override { writer_.begin(sample); }
  void on_sample(const Sample& sample) override { writer_.sample(sample); }
  void on_snapshot(const Sample& sample) override { writer_.snapshot(sample); }
  void on_event(const RunEvent& event) override { writer_.event(event); }
  void on_latency(std::span<const LatencyRow> rows) override { writer_.latency(rows); }
  void on_progress(const RunProgress& progress) override { progress_.show(progress); }

 private:
  ResultWriter& writer_;
  ProgressDisplay& progress_;
};

void print_outcome(const DemandOutcome& demand, std::size_t gigantic) {
  std::uint64_t refused = 0;
  std::string by_order;
  for (const auto& [order, count] : demand.refused) {
    refused += count;
    by_order += fmt::format("{}{} of order {}", by_order.empty() ? "" : ", ", count, order);
  }
  fmt::print("demand: {} allocations, {} refused{}\n", demand.allocations, refused,
             by_order.empty() ? "" : fmt::format(" ({}; {} pages)", by_order, demand.refused_pages.value));
  if (demand.never_asked > 0) {
    fmt::print("never asked for: {} allocations more, for the CPUs were still busy with earlier ones; what this run "
               "shows is not the whole demand\n",
               demand.never_asked);
  }
  if (gigantic > 0) {
    const auto without = demand.refused.find(kGiganticOrder.value);
    fmt::print("pages of 1 GiB: {} asked for, {} refused\n", gigantic,
               without != demand.refused.end() ? without->second : 0);
  }
}

/** Pictures of gigablocks, and what they spare, need some. */
void advise_on_gigablocks(const ScenarioMachine& machine) {
  constexpr std::uint64_t kFew = 8;
  constexpr unsigned kSmall = 14;
  const std::uint64_t whole = machine.memory / (kPageSize << machine.gigablock_order);
  if (whole < kFew && machine.gigablock_order > kSmall) {
    fmt::print("note: this machine has room for {} whole gigablocks; --gigablock-order {} makes them 64 MiB\n", whole,
               kSmall);
  }
}

/** What the scenario does not say: where its demand came from. */
std::string scenario_text(const Scenario& scenario, const OptionParser& options) {
  return fmt::format("# The demand of {} came from `gbsim replay --mode what-if{}`; this file alone has none.\n",
                     fs::absolute(options.operand()).lexically_normal().string(),
                     options.has("daemons") ? " --daemons" : "") +
         write_scenario(scenario);
}

int simulate(const OptionParser& options, const RecordingWithMoments& recording, const Scenario& scenario) {
  const auto started = std::chrono::steady_clock::now();
  const RunIdentity identity{scenario.name, scenario.placement, scenario.pcp, scenario.seed};
  const fs::path dir = options.has("output") ? fs::path(options.text("output")) : default_result_dir(identity);
  prepare_result_dir(dir, options.has("force"));
  ResultWriter writer(dir, identity, scenario_text(scenario, options));
  ProgressLine progress(options.has("quiet"));
  ResultObserver observer(writer, progress);
  const WhatIf what_if{recording, scenario, options.has("daemons")};
  WhatIfEnding ending = run_what_if(what_if, observer);
  progress.end();
  ending.run.host = host_figures(started);
  writer.finish(ending.run);
  write_atomically(dir / "replay.json", what_if_json(what_if, ending));
  fmt::print("{}", tally_line("left out", recording.demand.left_out));
  print_outcome(ending.demand, recording.demand.gigantic.size());
  advise_on_gigablocks(scenario.machine);
  std::ranges::for_each(recording.remarks, [](const std::string& remark) { fmt::print("note: {}\n", remark); });
  return end_run(dir, ending.run, ending.signal, !options.has("no-plots"));
}

int what_if(const OptionParser& options) {
  const RecordingRequest request = recording_request(options);
  const RecordingWithMoments recording = read_with_moments(Recording(request));
  const auto scenario = scenario_of(options, request, recording);
  return scenario ? simulate(options, recording, *scenario) : kBadInput;
}

}  // namespace

bool asks_what_if(Arguments arguments) {
  constexpr std::array<std::string_view, 7> kOnlyHere{"--placement", "--pcp", "--gigablock-order", "--daemons",
                                                      "--memory", "--set", "--no-plots"};
  const auto is_ours = [&](const std::string& word) {
    return std::ranges::find(kOnlyHere, word.substr(0, word.find('='))) != kOnlyHere.end() || word == "--mode=what-if";
  };
  const auto mode = std::ranges::find(arguments, "--mode");
  const bool is_named = mode != arguments.end() && mode + 1 != arguments.end() && *(mode + 1) == "what-if";
  return is_named || std::ranges::any_of(arguments, is_ours);
}

int run_what_if_command(Arguments arguments) {
  OptionParser options("replay", "TRACE");
  describe(options);
  if (options.parse(arguments)) {
    return kDone;
  }
  if (options.has("mode") && options.text("mode") != "what-if") {
    throw UsageError(fmt::format("--mode {}: has no machine of its own; with --placement, --pcp, --gigablock-order, "
                                 "--memory, --set, --daemons or --no-plots it is what-if",
                                 options.text("mode")));
  }
  try {
    return what_if(options);
  } catch (const ResultDirRefused& refused) {
    throw UsageError(refused.what());
  }
}

}  // namespace gbsim::cli
