// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "sim/base/clock.h"
#include "sim/base/tunables.h"
#include "sim/base/work.h"
#include "sim/mm/memory.h"
#include "sim/recording/kernel_snapshot.h"

namespace gbsim {

/** What becomes of pages that a snapshot has on per-CPU lists. */
enum class PcpLoad : std::uint8_t {
  lists,      // they are on our per-CPU lists, in the same order
  allocated,  // they have left the free lists, and that is all we know
};

/**
 * A memory equal to @snapshot: zones, pageblock types, every free list in order, watermarks. Pages that are not free
 * are raw blocks of order 0 and of their pageblock's type; those that the snapshot saw on LRU lists can migrate.
 * References outlive the result. @tunables say the kernel's rules. Throws BadRecording if a page is free twice.
 */
std::unique_ptr<Memory> make_memory(const KernelSnapshot& snapshot, Tunables& tunables, const Clock& clock,
                                    CostTable& costs, PcpLoad pcp);

/** Such a memory, with all that it refers to. */
struct SnapshotMemory {
  /** Throws BadRecording, as make_memory() does. */
  SnapshotMemory(const KernelSnapshot& snapshot, const Tunables& rules, PcpLoad pcp)
      : tunables(rules), memory(make_memory(snapshot, tunables, clock, costs, pcp)) {}
  SnapshotMemory(const SnapshotMemory&) = delete;
  SnapshotMemory& operator=(const SnapshotMemory&) = delete;

  Tunables tunables;
  Clock clock{};
  CostTable costs{};
  std::unique_ptr<Memory> memory;
};

/**
 * Watermarks, reserves and limits of per-CPU lists of @zone become those of @image; what its lists hold stays, and so
 * does a length that the kernel tunes. New watermarks end a boost.
 */
void set_limits(Zone& zone, const ZoneImage& image, const Tunables& tunables);

}  // namespace gbsim
