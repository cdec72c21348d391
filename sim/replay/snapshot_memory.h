// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "sim/base/clock.h"
#include "sim/base/tunables.h"
#include "sim/base/work.h"
#include "sim/mm/memory.h"
#include "sim/replay/kernel_snapshot.h"
#include "sim/replay/page_types.h"

namespace gbsim {

/** What becomes of pages that a snapshot has on per-CPU lists. */
enum class PcpLoad : std::uint8_t {
  lists,      // they are on our per-CPU lists, in the same order
  allocated,  // they have left the free lists, and that is all we know
};

/**
 * A memory equal to @snapshot: zones, pageblock types, every free list in order, watermarks. Pages that are not free
 * are raw blocks of order 0, of the type that @types knows for them (nullptr: nothing), else of their pageblock's. Those
 * that the snapshot saw on LRU lists can migrate; where it does not say, those of movable type.
 * References outlive the result. @tunables say the kernel's rules. Throws BadRecording if a page is free twice.
 */
std::unique_ptr<Memory> make_memory(const KernelSnapshot& snapshot, Tunables& tunables, const Clock& clock,
                                    CostTable& costs, PcpLoad pcp, const PageTypes* types = nullptr);

}  // namespace gbsim
