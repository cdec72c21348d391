// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/result_dir.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

#include "sim/metrics/output_file.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 17> kResultFiles{
    "scenario.yaml",    "summary.json",   "timeseries.csv", "vmstat.csv",    "buddyinfo.txt",
    "pagetypeinfo.txt", "gigablocks.csv", "latency.csv",    "events.csv",    "report.html",
    "pageblocks.bin",   "trace.json",     "trace.txt",      "replay.json",
    "compare.csv",      "compare.json",   "validate.json"};

bool is_plot(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".png" || extension == ".svg" || extension == ".gp";
}

void remove_plots(const fs::path& plots) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(plots, error)) {
    if (is_plot(entry.path())) {
      fs::remove(entry.path(), error);
    }
  }
}

fs::path nearest_existing(const fs::path& dir) {
  std::error_code error;
  fs::path place = fs::absolute(dir);
  while (!fs::exists(place, error) && place.has_relative_path()) {
    place = place.parent_path();
  }
  return place;
}

void remove_earlier_results(const fs::path& dir) {
  std::error_code error;
  for (const std::string_view file : kResultFiles) {
    fs::remove(dir / file, error);
  }
  remove_plots(dir / "plots");
}

}  // namespace

fs::path default_result_dir(const RunIdentity& run) {
  return fs::path("results") / fmt::format("{}-{}-{}", run.scenario, run.placement, run.seed);
}

void refuse_result_dir(const fs::path& dir, bool force) {
  std::error_code error;
  if (fs::exists(dir, error) && !fs::is_directory(dir, error)) {
    throw ResultDirRefused(fmt::format("{} exists and is no directory; choose another with -o DIR", dir.string()));
  }
  if (!force && fs::is_directory(dir, error) && !fs::is_empty(dir, error)) {
    throw ResultDirRefused(
        fmt::format("{} exists and is not empty; --force overwrites it, -o DIR writes elsewhere", dir.string()));
  }
  if (const fs::path place = nearest_existing(dir); access(place.c_str(), W_OK) != 0) {
    throw OutputError(fmt::format("cannot write to {}: {}; choose another directory with -o DIR", place.string(),
                                  std::strerror(errno)));
  }
}

void prepare_result_dir(const fs::path& dir, bool force) {
  refuse_result_dir(dir, force);
  remove_earlier_results(dir);
  std::error_code error;
  fs::create_directories(dir, error);
  if (error) {
    throw OutputError(
        fmt::format("cannot create {}: {}; choose another directory with -o DIR", dir.string(), error.message()));
  }
}

}  // namespace gbsim
