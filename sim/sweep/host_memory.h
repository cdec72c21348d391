// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>

namespace gbsim {

/** Bytes that new processes may use on this host now: MemAvailable, or less under a cgroup limit. */
std::uint64_t available_memory();
/** Bytes of physical memory that process @pid holds; 0 if it is gone. */
std::uint64_t resident_memory(pid_t pid);
/** How often the kernel's OOM killer has struck since boot (vmstat's oom_kill). */
std::uint64_t oom_kills();

/**
 * What a run will hold, learned from runs that ended. A first guess covers the simulator itself and its page map;
 * after that the largest peak seen for a machine of that size counts, with a tenth to spare.
 */
class MemoryEstimate {
 public:
  /** Bytes for one run of a machine with @simulated bytes. */
  std::uint64_t of(std::uint64_t simulated) const;
  void learn(std::uint64_t simulated, std::uint64_t peak);

 private:
  std::map<std::uint64_t, std::uint64_t> peaks_;  // by simulated bytes
};

}  // namespace gbsim
