// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "sim/sweep/sweep.h"

namespace gbsim {

/** What the directory of a sweep holds before any run: enough to repeat or to go on with it. */
struct SweepFiles {
  std::string base;   // base.yaml: the scenario with every key spelt out
  std::string sweep;  // sweep.yaml: the sweep file as it was
};

/** plan.csv: one row a point, its id and parameters. */
std::string plan_csv(const Sweep& sweep);
/** commands.txt: a line for a POSIX shell for each run that has not ended; lines need nothing but their files. */
std::string commands_text(Sweep& sweep, const std::filesystem::path& gbsim, const RunLimits& limits);

/** Keeps a second program out of a sweep's directory while it lives; a killed one lets go. */
class DirLock {
 public:
  /** Throws ResultDirRefused if another program has it. */
  explicit DirLock(const std::filesystem::path& dir);
  ~DirLock();
  DirLock(const DirLock&) = delete;
  DirLock& operator=(const DirLock&) = delete;

 private:
  int descriptor_;
};

/** Creates the directory of a new sweep; with @force an earlier one goes. Throws ResultDirRefused, OutputError. */
void create_sweep_dir(const Sweep& sweep, const SweepFiles& files, bool force);
/** Makes sure that the directory holds this sweep, to go on with. Throws ResultDirRefused, saying what differs. */
void check_sweep_dir(const Sweep& sweep, const SweepFiles& files);

}  // namespace gbsim
