// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/fit_check.h"

#include <fmt/format.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <system_error>
#include <type_traits>
#include <utility>

#include "sim/base/units.h"
#include "sim/engine/simulation.h"
#include "sim/mm/machine.h"
#include "sim/recording/temp_file.h"
#include "sim/scenario/reader.h"

namespace gbsim {

namespace {

/** Keeps memory as it was at each snapshot of a timeline. */
class MomentKeeper final : public RunObserver {
 public:
  void on_snapshot(const Sample& sample) override { moments.push_back(moment_of(sample)); }

  std::vector<MemoryMoment> moments;
};

std::string scenario_text(const FitTrial& trial) {
  constexpr Ns kAfter{1'000'000};  // the last moment lies within the run
  // CPUs take turns so often that a snapshot shows little of what comes after it.
  std::string text = fmt::format(
      "name: fit\nmachine: {{cpus: {}, memory: {}}}\nduration: {}\nsample: {}\nseed: {}\n"
      "workloads: [{{use: fitted}}]\ntunables: {{engine.slice: 5ms, ",
      trial.cpus, format_size(memory_managing(trial.managed)), format_time(trial.length + kAfter),
      format_time(trial.length + kAfter), trial.seed);
  for (const TunableSetting& setting : trial.tunables) {
    fmt::format_to(std::back_inserter(text), "{}: {}, ", setting.name, setting.value);
  }
  text += "}\ntimeline:\n";
  for (const Ns moment : trial.moments) {
    fmt::format_to(std::back_inserter(text), "  - {{at: {}, do: snapshot}}\n", format_time(moment));
  }
  return text;
}

NrPages managed_by(std::uint64_t bytes) {
  MachineSpec spec;
  spec.memory_bytes = bytes;
  NrPages pages{};
  for (const ZoneSpec& zone : lay_out(spec)) {
    pages += zone.spanned;
    std::ranges::for_each(zone.holes, [&](const auto& range) { pages -= range.second; });
    std::ranges::for_each(zone.reserved, [&](const auto& range) { pages -= range.second; });
  }
  return pages;
}

/** Writes all of @moments to @fd. */
bool send(int fd, const std::vector<MemoryMoment>& moments) {
  static_assert(std::is_trivially_copyable_v<MemoryMoment>);
  const auto* from = reinterpret_cast<const char*>(moments.data());
  std::size_t left = moments.size() * sizeof(MemoryMoment);
  while (left > 0) {
    const ssize_t written = write(fd, from, left);
    if (written <= 0) {
      return false;
    }
    from += written;
    left -= static_cast<std::size_t>(written);
  }
  return true;
}

/** As many as @moments has; false if there are not so many. */
bool receive(int fd, std::vector<MemoryMoment>& moments) {
  auto* to = reinterpret_cast<char*>(moments.data());
  std::size_t left = moments.size() * sizeof(MemoryMoment);
  while (left > 0) {
    const ssize_t got = read(fd, to, left);
    if (got <= 0) {
      return false;
    }
    to += got;
    left -= static_cast<std::size_t>(got);
  }
  return true;
}

/** In a process of its own: runs @trial and writes its moments to @fd. */
bool report_trial(const FitTrial& trial, const ModelCatalog& models, int fd) {
  try {
    return send(fd, run_trial(trial, models));
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return false;
  }
}

}  // namespace

std::uint64_t memory_managing(NrPages pages) {
  constexpr std::uint64_t kStep = std::uint64_t{4} << 20U;  // a block of the largest order
  std::uint64_t bytes = std::max(std::uint64_t{128} << 20U, (pages.value * kPageSize + kStep - 1) / kStep * kStep);
  while (managed_by(bytes) < pages) {
    bytes += kStep;
  }
  return bytes;
}

MemoryMoment moment_of(const Sample& sample) {
  MemoryMoment moment;
  moment.time = sample.time;
  for (const ZoneSample& zone : sample.zones) {
    moment.managed += zone.managed;
    moment.pcp += zone.pcp;
    for (std::size_t order = 0; order < zone.free_blocks.size(); ++order) {
      const auto& types = zone.free_blocks[order];
      moment.free_blocks[order] += std::accumulate(types.begin(), types.end(), std::uint64_t{0});
    }
  }
  const auto blocks = static_cast<double>(std::max<std::uint64_t>(1, sample.pageblocks.total));
  moment.mixed_share = static_cast<double>(sample.pageblocks.mixed) / blocks;
  return moment;
}

Scenario trial_scenario(const FitTrial& trial, const ModelCatalog& models) {
  const TempDir dir;
  std::ofstream(dir.path() / "fitted.yaml") << trial.workload;
  const ReadResult read = read_scenario_text(scenario_text(trial), "fit", ReadOptions{models, {dir.path()}});
  if (!read.scenario || !read.errors.empty()) {
    std::string problems = "the fitted workload cannot be run:";
    for (const Diagnostic& error : read.errors) {
      problems += "\n" + to_string(error);
    }
    throw std::runtime_error(problems);
  }
  return *read.scenario;
}

std::vector<MemoryMoment> run_trial_apart(const FitTrial& trial, const ModelCatalog& models) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  const OpenFile from(pipe[0]);
  OpenFile to(pipe[1]);
  std::fflush(nullptr);  // lest the child repeats what is not yet written
  const pid_t child = fork();
  if (child == 0) {
    _exit(report_trial(trial, models, to.fd()) ? 0 : 1);
  }
  to = OpenFile();
  std::vector<MemoryMoment> moments(trial.moments.size());
  const bool is_whole = child > 0 && receive(from.fd(), moments);
  int status = 0;
  waitpid(child, &status, 0);
  if (!is_whole || status != 0) {
    throw std::runtime_error("the run of the fitted workload failed");
  }
  return moments;
}

std::vector<MemoryMoment> run_trial(const FitTrial& trial, const ModelCatalog& models) {
  MomentKeeper keeper;
  Simulation simulation(trial_scenario(trial, models), RunOptions{}, keeper);
  simulation.run();
  return std::move(keeper.moments);
}

}  // namespace gbsim
