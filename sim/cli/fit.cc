// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "sim/base/units.h"
#include "sim/cli/recording_options.h"
#include "sim/cli/scenario_input.h"
#include "sim/demand/churn_fit.h"
#include "sim/demand/fit_check.h"
#include "sim/demand/fit_text.h"
#include "sim/demand/moment_distance.h"
#include "sim/metrics/output_file.h"
#include "sim/recording/byte_source.h"

namespace gbsim::cli {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

/** What the command line asked for. */
struct FitCommand {
  RecordingRequest recording{};
  fs::path out{};
  std::optional<std::uint64_t> memory{};
  FitOptions options{};
  std::optional<fs::path> curves{};
  bool check = true;
};

void describe(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("output,o", text(), "workload file to write (default: the recording's name with .yaml)");
  add_recording_options(options, "of the check's run, and of places that a snapshot does not tell");
  options.add()("memory", text(), "memory of the machine, where no snapshot tells");
  options.add()("cells", text()->default_value("1024"), "parts of the recording's time that are told apart");
  options.add()("curves", text(), "CSV file for the courses of free memory that are compared");
  options.add()("no-clusters", "every allocation dies by itself");
  options.add()("no-check", "do not run the workload to compare it with the recording");
  options.add()("force", "replace an existing file");
}

FitCommand command_of(const OptionParser& options) {
  FitCommand command;
  command.recording = recording_request(options);
  command.out = options.has("output") ? fs::path(options.text("output"))
                                      : fs::path(recording_name(command.recording.trace) + ".yaml");
  if (options.has("memory")) {
    command.memory = options.size("memory");
  }
  command.options.cells = static_cast<unsigned>(options.number("cells", 1, 4096));
  command.curves = options.has("curves") ? std::optional<fs::path>(options.text("curves")) : std::nullopt;
  command.options.cluster = !options.has("no-clusters");
  command.check = !options.has("no-check");
  if (std::error_code error; fs::equivalent(command.out, command.recording.trace, error)) {
    throw UsageError(fmt::format("{} is the recording itself; -o names another file", command.out.string()));
  }
  if (fs::exists(command.out) && !options.has("force")) {
    throw UsageError(fmt::format("{} exists; --force replaces it", command.out.string()));
  }
  return command;
}

std::string text_of(const FitCommand& command, const ChurnFit& fit) {
  const std::string name = command.recording.trace.filename().string();
  return workload_text(fit, name,
                       fmt::format("gbsim fit {} -o {}{}", name, command.out.filename().string(),
                                   command.options.cluster ? "" : " --no-clusters"));
}

/** One column of the report: a course of memory, and how far it is from the recorded one. */
struct Column {
  std::string name;
  std::vector<MemoryMoment> course;
  MomentDistance distance;
};

void print_row(const std::string& label, const std::vector<Column>& columns, const auto& value) {
  std::string line = fmt::format("  {:<44}", label);
  for (const Column& column : columns) {
    line += fmt::format(" {:>12}", value(column.distance));
  }
  fmt::print("{}\n", line);
}

void print_report(const std::vector<Column>& columns) {
  const MomentDistance& first = columns.front().distance;
  fmt::print("distance from the recording, mean of {} snapshots (mixed pageblocks: {}):\n", first.moments,
             first.mixed_moments);
  std::string head = fmt::format("  {:<44}", "");
  for (const Column& column : columns) {
    head += fmt::format(" {:>12}", column.name);
  }
  fmt::print("{}\n", head);
  for (std::size_t i = 0; i < kOrderGroups.size(); ++i) {
    print_row(fmt::format("free memory in {}, octaves", kOrderGroups[i].name), columns,
              [&](const MomentDistance& d) { return fmt::format("{:.3f}", d.octaves[i]); });
  }
  for (std::size_t i = 0; i < kOrderGroups.size(); ++i) {
    print_row(fmt::format("free memory in {}, % of memory", kOrderGroups[i].name), columns,
              [&](const MomentDistance& d) { return fmt::format("{:.2f}", 100 * d.memory_share[i]); });
  }
  print_row("mixed pageblocks, percentage points", columns, [](const MomentDistance& d) {
    return d.mixed_moments == 0 ? std::string("unknown") : fmt::format("{:.2f}", d.mixed_points);
  });
  fmt::print("an octave is a factor of two. {}standstill: memory for ever as it was at first\n",
             columns.size() > 2 ? "no clusters: each allocation dies by itself; " : "");
}

FitTrial trial_of(const FitCommand& command, const RecordingWithMoments& recording, const ChurnFit& fit) {
  FitTrial trial;
  trial.workload = text_of(command, fit);
  for (const MemoryMoment& moment : recording.moments) {
    trial.moments.push_back(moment.time);
  }
  trial.length = fit.length;
  trial.cpus = fit.cpus;
  trial.managed = fit.managed;
  trial.tunables = recording.tunables();
  trial.seed = command.recording.seed;
  return trial;
}

void write_course(std::ostream& file, const std::string& name, const std::vector<MemoryMoment>& course) {
  for (const MemoryMoment& moment : course) {
    std::string line = fmt::format("{:.6f},{}", static_cast<double>(moment.time.count()) * 1e-9, name);
    for (const OrderGroup& group : kOrderGroups) {
      line += fmt::format(",{}", free_in(moment, group).value);
    }
    file << line << ',' << (moment.mixed_share ? fmt::format("{:.6f}", *moment.mixed_share) : "") << '\n';
  }
}

void write_curves(const fs::path& path, const std::vector<MemoryMoment>& recorded, const std::vector<Column>& columns) {
  std::ostringstream file;
  file << "time_s,course,free_pages_orders_0_3,free_pages_orders_4_8,free_pages_orders_9_up,mixed_share\n";
  write_course(file, "recorded", recorded);
  for (const Column& column : columns) {
    write_course(file, column.name, column.course);
  }
  write_atomically(path, file.str());
}

/** Standstill: memory for ever as it was at first, what any fit must beat. */
void check(const FitCommand& command, const RecordingWithMoments& recording, const ChurnFit& fit) {
  if (recording.moments.empty()) {
    fmt::print("no snapshot within the recording: there is nothing to compare its run with (--snapshot)\n");
    return;
  }
  const WorkloadCatalog models;
  const std::vector<MemoryMoment>& recorded = recording.moments;
  std::vector<Column> columns;
  const auto add = [&](const char* name, std::vector<MemoryMoment> course) {
    const MomentDistance distance = distance_between(recorded, course);
    columns.push_back({name, std::move(course), distance});
  };
  add("fitted", run_trial_apart(trial_of(command, recording, fit), models));
  if (command.options.cluster) {
    FitOptions plain = command.options;
    plain.cluster = false;
    add("no clusters", run_trial_apart(trial_of(command, recording, fit_churn(recording, plain)), models));
  }
  add("standstill", std::vector<MemoryMoment>(recorded.size(), recorded.front()));
  print_report(columns);
  if (command.curves) {
    write_curves(*command.curves, recorded, columns);
  }
}

void print_left_out(const RecordingWithMoments& recording) {
  for (const auto& [kind, count] : recording.demand.left_out.counts()) {
    fmt::print("left out: {} {}\n", count, kind);
  }
  if (const std::size_t gigantic = recording.demand.gigantic.size(); gigantic > 0) {
    fmt::print("left out: {} pages of 1 GiB: no class of a churn asks for them, workloads of the family huge_1g do\n",
               gigantic);
  }
  for (const std::string& remark : recording.remarks) {
    fmt::print("note: {}\n", remark);
  }
}

int fit(const FitCommand& command) {
  const RecordingWithMoments recording = read_with_moments(Recording(command.recording));
  ChurnFit fitted = fit_churn(recording, command.options);
  if (fitted.managed == NrPages{} && command.memory) {
    fitted.managed = pages_for_bytes(*command.memory);
  }
  if (fitted.classes.empty()) {
    throw BadRecording(command.recording.trace, 0, "nothing was allocated and lives long enough to be a workload of");
  }
  write_atomically(command.out, text_of(command, fitted));
  fmt::print("{}: {} classes from {} allocations in {:.1f} s\n", command.out.string(), fitted.classes.size(),
             fitted.allocations, static_cast<double>(fitted.length.count()) * 1e-9);
  print_left_out(recording);
  if (command.check) {
    check(command, recording, fitted);
  }
  return kDone;
}

}  // namespace

int run_fit(Arguments arguments) {
  OptionParser options("fit", "TRACE");
  describe(options);
  if (options.parse(arguments)) {
    return kDone;
  }
  return fit(command_of(options));
}

}  // namespace gbsim::cli
