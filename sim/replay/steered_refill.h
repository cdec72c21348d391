// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/mm/trace.h"
#include "sim/mm/zone.h"
#include "sim/replay/pcp_rearrangement.h"

namespace gbsim {

// Refills that the recording refutes are undone, and made anew from the block that the kernel's began with.

/** A block of @key that just left the free lists goes to the tail of @cpu's, as in a refill. */
void append_to_pcp(Zone& zone, CpuId cpu, Pfn pfn, PcpKey key);
/** What is on @cpu's list of @key goes back to the free lists, last first, as if its refill had not been. */
void return_list(Zone& zone, CpuId cpu, PcpKey key);
/** Likewise every list that has a page of the block; how many there were. */
unsigned return_lists_with(Zone& zone, Pfn head, Order order);
/** Pageblocks that fallbacks of ours claimed are what they were, with their free pages, but for that of @kept. */
void return_claims(Zone& zone, std::span<const ExtfragEvent> fallbacks, Pfn kept);

/**
 * A request for @type was served from @page, which is free on another type's list: its pageblocks change type where
 * the kernel's rule lets such a request claim them. True if they did.
 */
bool claim_for(Zone& zone, Pfn page, Migratetype type);
/**
 * Where a refill of @key goes on that began with @first: in the free block there, then in those behind it on its list;
 * @most blocks. What lay before it on the list is elsewhere in the kernel, and goes to the end.
 */
std::vector<Pfn> refill_path(Zone& zone, Pfn first, PcpKey key, std::size_t most);
/** Free blocks of @path join @cpu's list. */
void refill_along(Zone& zone, CpuId cpu, PcpKey key, std::span<const Pfn> path);

}  // namespace gbsim
