// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/sweep_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>

#include "sim/metrics/csv.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/result_dir.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 8> kSweepFiles{"index.csv", "aggregate.csv", "pareto.csv", "sweep.sqlite",
                                                      "plan.csv",  "base.yaml",     "sweep.yaml", "commands.txt"};

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void remove_earlier_sweep(const fs::path& dir) {
  std::error_code ignored;
  for (const std::string_view file : kSweepFiles) {
    fs::remove(dir / file, ignored);
  }
  for (const char* folder : {"points", "slurm", "plots"}) {
    fs::remove_all(dir / folder, ignored);
  }
}

void require_same(const fs::path& file, const std::string& expected, std::string_view what) {
  if (content(file) != expected) {
    throw ResultDirRefused(fmt::format("{} differs: {}; --force starts anew, -o DIR writes elsewhere", file.string(),
                                       what));
  }
}

}  // namespace

std::string plan_csv(const Sweep& sweep) {
  std::string text = "point";
  for (const Axis& axis : sweep.spec().axes) {
    text += "," + csv_field(axis.key);
  }
  text += '\n';
  for (const SweepPoint& point : sweep.points()) {
    text += point.id;
    for (const std::string& value : point.setting) {
      text += "," + csv_field(value);
    }
    text += '\n';
  }
  return text;
}

std::string commands_text(Sweep& sweep, const fs::path& gbsim, const RunLimits& limits) {
  std::string text;
  while (const auto run = sweep.next()) {
    text += shell_line(point_command(gbsim, *run, limits)) + "\n";
  }
  return text;
}

DirLock::DirLock(const fs::path& dir)
    : descriptor_(open((dir / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0 || flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor_);
    throw ResultDirRefused(fmt::format("{} is in use by another gbsim; wait for it, or choose another with -o DIR",
                                       dir.string()));
  }
}

DirLock::~DirLock() {
  close(descriptor_);
}

void create_sweep_dir(const Sweep& sweep, const SweepFiles& files, bool force) {
  const fs::path& dir = sweep.place().dir;
  prepare_result_dir(dir, force);
  remove_earlier_sweep(dir);
  write_atomically(dir / "base.yaml", files.base);
  write_atomically(dir / "sweep.yaml", files.sweep);
  write_atomically(dir / "plan.csv", plan_csv(sweep));
}

void check_sweep_dir(const Sweep& sweep, const SweepFiles& files) {
  const fs::path& dir = sweep.place().dir;
  if (!fs::exists(dir / "plan.csv")) {
    throw ResultDirRefused(fmt::format("{} holds no sweep to resume; start one without --resume", dir.string()));
  }
  require_same(dir / "base.yaml", files.base, "the base scenario has changed since the sweep began");
  require_same(dir / "plan.csv", plan_csv(sweep), "the points have changed since the sweep began");
  write_atomically(dir / "sweep.yaml", files.sweep);
}

}  // namespace gbsim
