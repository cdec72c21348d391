// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "sim/cli/batch_options.h"
#include "sim/cli/print_errors.h"
#include "sim/cli/scenario_input.h"
#include "sim/cli/sweep_engine.h"
#include "sim/metrics/result_dir.h"
#include "sim/scenario/text_file.h"
#include "sim/scenario/writer.h"
#include "sim/sweep/pilot.h"
#include "sim/sweep/sweep_dir.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

void describe(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("output,o", text(), "result directory (default results/NAME-sweep)");
  add_setting_options(options);
  options.add()("resume", "go on with the sweep in the directory; finished runs stay");
  add_engine_options(options);
  options.add()("dry-run", "list the points, estimate time and memory with one run, change nothing");
  options.add()("force", "replace an earlier sweep in the directory");
  options.add()("quiet", "no progress");
  options.add()("no-plots", "write no pictures");
}

void print_points(const Sweep& sweep) {
  for (const SweepPoint& point : sweep.points()) {
    std::string line = point.id;
    for (std::size_t i = 0; i < point.setting.size(); ++i) {
      line += fmt::format(" {}={}", sweep.spec().axes[i].key, point.setting[i]);
    }
    fmt::print("{}\n", line);
  }
}

int dry_run(Sweep& sweep, const SweepFiles& files, const BatchOptions& batch) {
  print_points(sweep);
  fmt::print("{} points, {} runs{}\n", sweep.points().size(), sweep.total(),
             sweep.spec().until ? ", more where the stop rule asks" : "");
  fmt::print("{}", pilot_estimate(sweep, files.base, batch));
  return kDone;
}

void create_or_check(const OptionParser& options, const Sweep& sweep, const SweepFiles& files) {
  if (options.has("resume")) {
    check_sweep_dir(sweep, files);
  } else {
    create_sweep_dir(sweep, files, options.has("force"));
  }
}

/** What all points have in common: the command line overrules the sweep's file. */
std::optional<Scenario> base_of(const SweepSpec& spec, const OptionParser& options) {
  std::vector<std::string> settings = spec.settings;
  std::ranges::copy(setting_options(options), std::back_inserter(settings));
  return read_checked(spec.base.string(), settings);
}

int sweep_in_dir(const OptionParser& options, Sweep& sweep, const SweepFiles& files) {
  std::optional<DirLock> lock;
  if (options.has("force") && fs::exists(sweep.place().dir)) {
    lock.emplace(sweep.place().dir);  // before anything of a sweep that may be running goes away
  }
  refuse_beside_slurm(sweep.place().dir, options);
  create_or_check(options, sweep, files);
  if (!lock) {
    lock.emplace(sweep.place().dir);
  }
  if (options.has("resume")) {
    sweep.take_recorded();
  }
  return run_with_engine(sweep, options);
}

}  // namespace

SettingsCheck settings_check() {
  return [](const fs::path& base, const std::vector<std::string>& settings) {
    const WorkloadCatalog models;
    return read_scenario(base, ReadOptions{models, workload_dirs(base), overrides_from(settings)}).errors;
  };
}

int run_sweep(Arguments arguments) {
  OptionParser options("sweep", "SWEEP.yaml");
  describe(options);
  if (options.parse(arguments)) {
    return kDone;
  }
  check_engine(options);
  const BatchOptions batch = batch_options(options);
  Diagnostics errors;
  const auto text = read_text_file(options.operand(), ErrorSink(options.operand(), errors));
  const auto spec = text ? read_sweep(*text, options.operand(), settings_check(), errors) : std::nullopt;
  print_errors(errors);
  const auto scenario = spec ? base_of(*spec, options) : std::nullopt;
  if (!scenario) {
    return kBadInput;
  }
  const std::string dir = options.has("output") ? options.text("output") : fmt::format("results/{}-sweep", spec->name);
  Sweep sweep(*spec, {dir, scenario->seed, scenario->machine.memory});
  if (sweep.points().empty()) {
    throw UsageError(fmt::format("{}: where leaves none of the points", options.operand()));
  }
  const SweepFiles files{write_scenario(*scenario), *text};
  if (options.has("dry-run")) {
    return dry_run(sweep, files, batch);
  }
  try {
    return sweep_in_dir(options, sweep, files);
  } catch (const ResultDirRefused& refused) {
    throw UsageError(refused.what());
  }
}

}  // namespace gbsim::cli
