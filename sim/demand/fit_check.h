// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/demand/recording_moments.h"
#include "sim/metrics/sample.h"
#include "sim/scenario/model_catalog.h"
#include "sim/scenario/scenario.h"

namespace gbsim {

/** A fitted workload file run on a machine like the recorded one. */
struct FitTrial {
  std::string workload{};                 // text of the file
  std::vector<Ns> moments{};              // when to look at memory; ascending
  Ns length{0};
  unsigned cpus = 1;
  NrPages managed{};                      // of the machine
  std::vector<TunableSetting> tunables{};
  std::uint64_t seed = 1;
};

/** The scenario of @trial. Throws std::runtime_error if the workload file has errors, naming them. */
Scenario trial_scenario(const FitTrial& trial, const ModelCatalog& models);

/** Memory as @sample shows it. */
MemoryMoment moment_of(const Sample& sample);

/** Runs @trial; memory at each of its moments. At most once a process. */
std::vector<MemoryMoment> run_trial(const FitTrial& trial, const ModelCatalog& models);

/** The same in a process of its own, so that any number may follow. Throws std::runtime_error if it fails. */
std::vector<MemoryMoment> run_trial_apart(const FitTrial& trial, const ModelCatalog& models);

/** Bytes of a simulated machine that manages about @pages. */
std::uint64_t memory_managing(NrPages pages);

}  // namespace gbsim
