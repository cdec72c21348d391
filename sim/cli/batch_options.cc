// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/batch_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "sim/cli/print_errors.h"
#include "sim/cli/scenario_input.h"

namespace gbsim::cli {

namespace po = boost::program_options;

void add_limit_options(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("timeout", text(), "wall time after which a run is ended and recorded so, such as 10m");
  options.add()("memory-per-run", text(), "resident memory at which a run is ended and recorded so, such as 4GiB");
}

void add_batch_options(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("jobs,j", text(), "runs at once (default: one a core)");
  options.add()("memory", text(), "what all runs together may hold (default: nine tenths of what is available)");
  add_limit_options(options);
}

void add_setting_options(OptionParser& options) {
  const auto text = [] { return po::value<std::string>(); };
  options.add()("set", po::value<std::vector<std::string>>()->composing(),
                "KEY=VALUE: any scenario key or tunable, for all runs; repeatable");
  options.add()("seed", text(), "first seed, in place of the scenario's");
  options.add()("duration", text(), "simulated time after the warm-up, in place of the scenario's");
}

std::vector<std::string> setting_options(const OptionParser& options) {
  std::vector<std::string> settings = options.texts("set");
  for (const char* key : {"seed", "duration"}) {
    if (options.has(key)) {
      settings.push_back(fmt::format("{}={}", key, options.text(key)));
    }
  }
  return settings;
}

RunLimits limit_options(const OptionParser& options) {
  RunLimits limits;
  if (options.has("timeout")) {
    limits.timeout = options.time("timeout");
    if (limits.timeout->count() <= 0) {
      throw UsageError(fmt::format("--timeout {}: wants a time such as 10m", options.text("timeout")));
    }
  }
  limits.memory = options.has("memory-per-run") ? options.size("memory-per-run") : 0;
  return limits;
}

BatchOptions batch_options(const OptionParser& options) {
  BatchOptions result{.jobs = std::max(1U, std::thread::hardware_concurrency())};
  if (options.has("jobs")) {
    result.jobs = static_cast<unsigned>(std::min<std::uint64_t>(options.number("jobs", 1), 4096));
  }
  result.memory = options.has("memory") ? options.size("memory") : 0;
  result.limits = limit_options(options);
  return result;
}

std::uint64_t seeds_option(const OptionParser& options, std::uint64_t usual) {
  constexpr std::uint64_t kMostSeeds = 10'000;
  return options.has("seeds") ? options.number("seeds", 1, kMostSeeds) : usual;
}

std::vector<Override> overrides_from(const std::vector<std::string>& words) {
  std::vector<Override> result;
  for (const std::string& word : words) {
    auto parsed = parse_override(word);
    if (!parsed) {
      throw UsageError(fmt::format("--set {}: wants KEY=VALUE", word));
    }
    result.push_back(std::move(*parsed));
  }
  return result;
}

std::optional<Scenario> read_checked(const std::string& file, const std::vector<std::string>& settings) {
  const WorkloadCatalog models;
  ReadResult read = read_scenario(file, ReadOptions{models, workload_dirs(file), overrides_from(settings)});
  print_errors(read.errors);
  return read.errors.empty() ? std::move(read.scenario) : std::nullopt;
}

}  // namespace gbsim::cli
