// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/tunables.h"
#include "sim/recording/recorded_files.h"

namespace gbsim {

/** A tunable and its value, as set_tunable() takes them. */
struct TunableSetting {
  std::string name{};
  std::string value{};

  bool operator==(const TunableSetting&) const = default;
};

/** How a recorded machine was set up, as far as files kept with the recording tell. */
struct RecordedMachine {
  std::vector<TunableSetting> settings{};  // of its page allocator, that ours has too
  unsigned cpus = 0;                       // the highest of those online, and one; 0: not known

  /** Names @settings for people; empty if there are none. */
  std::string remark() const;
};

/**
 * cpu.data_cache of a recorded machine, which no file tells: a CPU's share is above three batches (756 KiB) on whatever
 * runs such kernels, and recordings of guests show it.
 */
inline constexpr std::string_view kAssumedDataCache = "2MiB";

/** Where a recording keeps copies of machine_files(). */
inline constexpr std::string_view kMachineDir = "machine";

/** Files of /proc and /sys, as paths below the root, that tell how a machine is set up. */
std::span<const std::string_view> machine_files();

/** What copies of machine_files() tell; those missing tell nothing. Throws BadRecording on nonsense. */
RecordedMachine read_machine(const RecordedFiles& files);

}  // namespace gbsim
