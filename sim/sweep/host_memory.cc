// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/host_memory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace gbsim {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
// Before any run has ended: the process, and 32 bytes a page for page map, folios and workloads (measured at 4 GiB).
constexpr std::uint64_t kGuessProcess = 64 * kMiB;
constexpr std::uint64_t kGuessSimulatedPerByte = 128;

/** The number after @key in a file of "key number" lines. */
std::optional<std::uint64_t> number_after(const char* file, const std::string& key) {
  std::ifstream stream(file);
  std::string word;
  std::uint64_t value = 0;
  while (stream >> word) {
    if (word == key && stream >> value) {
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> first_number(const char* file) {
  std::ifstream stream(file);
  std::uint64_t value = 0;
  return stream >> value ? std::optional(value) : std::nullopt;
}

std::uint64_t cgroup_room() {
  const auto limit = first_number("/sys/fs/cgroup/memory.max");
  const auto used = first_number("/sys/fs/cgroup/memory.current");
  if (!limit || !used) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  return *limit - std::min(*limit, *used);
}

}  // namespace

std::uint64_t available_memory() {
  const auto available = number_after("/proc/meminfo", "MemAvailable:");
  return std::min(available.value_or(0) * 1024, cgroup_room());
}

std::uint64_t resident_memory(pid_t pid) {
  std::ifstream stream(fmt::format("/proc/{}/statm", pid));
  std::uint64_t size = 0, resident = 0;
  return stream >> size >> resident ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

std::uint64_t oom_kills() {
  return number_after("/proc/vmstat", "oom_kill").value_or(0);
}

std::uint64_t MemoryEstimate::of(std::uint64_t simulated) const {
  const auto known = peaks_.find(simulated);
  return known != peaks_.end() ? known->second + known->second / 10
                               : kGuessProcess + simulated / kGuessSimulatedPerByte;
}

void MemoryEstimate::learn(std::uint64_t simulated, std::uint64_t peak) {
  std::uint64_t& known = peaks_[simulated];
  known = std::max(known, peak);
}

}  // namespace gbsim
