// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/mm/pcp.h"
#include "sim/mm/zone.h"

namespace gbsim {

/** CONFIG_PCP_BATCH_SCALE_MAX: how far batches may grow, as a shift. */
inline constexpr int kPcpBatchScaleMax = 5;

/** Sizes all per-CPU lists of @zone for @cpus_of_node CPUs. */
void size_pcp(Zone& zone, unsigned cpus_of_node, const Tunables& tunables);

/** @data_cache, bytes of one CPU, is worth a batch that stays: zone_pcp_update_cacheinfo(). */
bool keeps_batch(int batch, std::uint64_t data_cache);

/** An allocation is about to look at @cpu's lists: frees in a row count less from now on. */
inline void note_pcp_alloc(PcpLists& pcp) {
  pcp.free_count >>= 1;
  pcp.free_factor >>= 1;
}
/** @high within high_min and high_max; the latter where small zones have it below the former. */
int bounded_high(const PcpLists& pcp, int high);
/** How many blocks of @order one refill takes; updates the tuning state (nr_pcp_alloc). */
int refill_count(Zone& zone, CpuId cpu, Order order);

// What the kernels' sizes of per-CPU lists say, whatever is kept on them.
/** What pages_to_drain() says while the lists are short enough. */
inline constexpr int kKeepAll = -1;
/** A block of @order was just freed to @pcp: how many pages to drain, or kKeepAll. */
int pages_to_drain(Zone& zone, PcpLists& pcp, Order order);
/** After that drain: 6.12 lets lists grow again once the zone is above its high watermark. */
void note_drained(Zone& zone);
/** Lets an idle CPU's high fall; the pages that are now too many, or less than one (decay_pcp_high). */
int decayed_excess(const Zone& zone, PcpLists& pcp);

/**
 * Puts a block on @cpu's list for @type and drains as the kernel would. @type is remembered for the drain by kernels
 * that do so. Returns blocks given to the buddy. Requires: its slot is none, pcp_allowed(order).
 */
unsigned pcp_free(Zone& zone, CpuId cpu, Pfn pfn, Order order, Migratetype type);
/** Up to @count pages, starting with @list, to the buddy; returns blocks. */
unsigned drain_bulk(Zone& zone, CpuId cpu, int count, std::size_t list);
/** Everything on @cpu's lists. */
unsigned drain_all(Zone& zone, CpuId cpu);
/** Drains decayed_excess() in batches. */
unsigned decay_high(Zone& zone, CpuId cpu);

}  // namespace gbsim
