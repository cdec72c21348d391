// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/point_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/base/units.h"
#include "sim/metrics/output_file.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFailureFile = "failure.json";
constexpr std::string_view kPlainWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,-";
constexpr std::string_view kNoMemory = "std::bad_alloc";  // what() of an allocation that the host refused

std::string last_line(const fs::path& file) {
  std::ifstream stream(file);
  std::string line, last;
  while (std::getline(stream, line)) {
    last = line.empty() ? last : line;
  }
  return last;
}

std::optional<RunOutcome> recorded_failure(const fs::path& dir) {
  std::ifstream stream(dir / kFailureFile);
  const auto json = nlohmann::json::parse(stream, nullptr, false);
  if (!json.is_object()) {
    return std::nullopt;
  }
  return RunOutcome{json.value("outcome", "failed"), json.value("reason", "")};
}

RunOutcome failure_of_exit(const PointRun& run, int code) {
  const std::string said = last_line(run_log(run));
  if (said.find(kNoMemory) != std::string::npos) {
    return record_failure(run, "out-of-memory", "the host refused memory");
  }
  return record_failure(run, "failed", said.empty() ? fmt::format("exit status {}", code) : said);
}

std::string signal_text(int signal) {
  return fmt::format("signal {} ({})", signal, strsignal(signal));
}

void add_settings(const PointRun& run, std::vector<std::string>& words) {
  for (const std::string& setting : run.settings) {
    words.insert(words.end(), {"--set", setting});
  }
}

}  // namespace

std::vector<std::string> run_command(const fs::path& gbsim, const PointRun& run) {
  std::vector<std::string> words{gbsim.empty() ? "gbsim" : gbsim.string(), "run", run.scenario.string()};
  add_settings(run, words);
  words.insert(words.end(), {"--seed", std::to_string(run.seed), "-o", run.dir.string(), "--force", "--quiet",
                             "--no-plots"});
  return words;
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    std::string quoted;
    for (const char c : word) {
      quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    const bool plain = !word.empty() && word.find_first_not_of(kPlainWord) == std::string::npos;
    line += (line.empty() ? "" : " ") + (plain ? word : "'" + quoted + "'");
  }
  return line;
}

std::vector<std::string> point_command(const fs::path& gbsim, const PointRun& run, const RunLimits& limits) {
  std::vector<std::string> words{gbsim.string(), "point", fs::absolute(run.scenario).string()};
  add_settings(run, words);
  words.insert(words.end(), {"--seed", std::to_string(run.seed), "-o", fs::absolute(run.dir).string()});
  if (limits.timeout) {
    words.insert(words.end(), {"--timeout", format_time(std::chrono::duration_cast<Ns>(*limits.timeout))});
  }
  if (limits.memory != 0) {
    words.insert(words.end(), {"--memory-per-run", format_size(limits.memory)});
  }
  return words;
}

fs::path run_log(const PointRun& run) {
  return run.dir / "run.log";
}

ProcessJob run_job(const fs::path& gbsim, const PointRun& run, const RunLimits& limits) {
  std::error_code error;
  fs::create_directories(run.dir, error);
  if (error) {
    throw OutputError(fmt::format("cannot create {}: {}; choose another directory with -o DIR", run.dir.string(),
                                  error.message()));
  }
  fs::remove(run.dir / kFailureFile, error);
  return ProcessJob{.command = run_command(gbsim, run),
                    .itself = gbsim.empty(),
                    .log = run_log(run),
                    .timeout = limits.timeout,
                    .memory_limit = limits.memory};
}

std::optional<RunOutcome> recorded_outcome(const fs::path& dir) {
  auto summary = RunSummary::read(dir / "summary.json");
  if (summary && summary->outcome() == "completed") {
    return RunOutcome{"completed", "", std::move(summary)};
  }
  return recorded_failure(dir);
}

RunOutcome record_failure(const PointRun& run, const std::string& outcome, const std::string& reason) {
  const nlohmann::ordered_json json{{"outcome", outcome}, {"reason", reason}};
  constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
  write_atomically(run.dir / kFailureFile, json.dump(1, ' ', false, kReplace) + "\n");
  return RunOutcome{outcome, reason};
}

RunOutcome settle_run(const PointRun& run, const RunLimits& limits, const ProcessEnd& end) {
  switch (end.fate) {
    case ProcessFate::timed_out:
      return record_failure(
          run, "timeout",
          fmt::format("no end within {}", format_time(std::chrono::duration_cast<Ns>(limits.timeout.value_or(Ns{0})))));
    case ProcessFate::over_memory_limit:
      return record_failure(run, "out-of-memory", fmt::format("held more than {}", format_size(limits.memory)));
    case ProcessFate::oom_killed:
      return record_failure(run, "out-of-memory", "killed by the host's OOM killer");
    case ProcessFate::signalled:
      return record_failure(run, "crashed", signal_text(end.code));
    case ProcessFate::exited:
      break;
  }
  auto outcome = end.code == 0 ? recorded_outcome(run.dir) : std::nullopt;
  if (!outcome) {
    return failure_of_exit(run, end.code);
  }
  std::error_code ignored;
  fs::remove(run_log(run), ignored);
  return std::move(*outcome);
}

RunOutcome stopped_run(int signal) {
  return RunOutcome{.outcome = "stopped", .reason = signal_text(signal), .stopped_by = signal};
}

fs::path own_program() {
  return fs::read_symlink("/proc/self/exe");
}

}  // namespace gbsim
