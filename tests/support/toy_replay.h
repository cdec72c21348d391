// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "list_reader.h"
#include "sim/recording/event_window.h"
#include "sim/replay/lock_step.h"
#include "sim/replay/snapshot_memory.h"
#include "toy_snapshot.h"

namespace gbsim::test {

inline Tunables rules_of(KernelVersion kernel) {
  Tunables tunables;
  tunables.kernel_rules = kernel;
  return tunables;
}

/** A memory equal to a snapshot, under the rules of a kernel. */
struct ToyReplayWorld : SnapshotMemory {
  explicit ToyReplayWorld(const KernelSnapshot& snapshot, KernelVersion kernel = KernelVersion::v6_12,
                          PcpLoad pcp = PcpLoad::allocated)
      : SnapshotMemory(snapshot, rules_of(kernel), pcp) {}
  Zone& zone() { return memory->zone(0); }
};

/** Offsets of the blocks on one free list, head first, separated by spaces. */
inline std::string listed(const Zone& zone, unsigned order, Migratetype type) {
  std::string text;
  zone.for_each_free(Order{order}, type, [&](Pfn pfn) {
    text += (text.empty() ? "" : " ") + std::to_string(pfn.value - 1024);
    return true;
  });
  return text;
}

/** Lock-step with all of @events, to the end. */
inline void replay_all(LockStep& lock_step, const std::vector<TraceEvent>& events) {
  ListReader reader(events);
  EventWindow window(reader);
  std::uint64_t number = 0;
  for (const TraceEvent* event = window.next(); event != nullptr; event = window.next()) {
    lock_step.feed(*event, number++, window.ahead(event->cpu));
  }
  lock_step.settle();
}

/** CPUs fold everything at once. */
inline void keep_exact(Zone& zone) {
  ZoneStat exact(zone.nr_cpus());
  exact.add(CpuId{0}, zone.free_stat().exact());
  zone.free_stat() = exact;
}

}  // namespace gbsim::test
