// SPDX-License-Identifier: GPL-2.0-or-later
// Sizes and draining of per-CPU lists, after free_unref_page_commit(), nr_pcp_*() and decay_pcp_high().
#include "sim/mm/pcp_rules.h"

#include <algorithm>
#include <bit>

namespace gbsim {

namespace {

/** zone_batchsize(): a 1024th of the zone, at most 1 MiB, a quarter of that, as 2^n - 1. */
int batch_size(std::uint64_t managed) {
  const std::uint64_t quarter = std::max<std::uint64_t>(std::min<std::uint64_t>(managed >> 10, 256) / 4, 1);
  return std::max(1, static_cast<int>(std::bit_floor(quarter + quarter / 2)) - 1);
}

/** zone_highsize(): the pages the zone spares for per-CPU lists, shared by the node's CPUs. */
int high_size(std::uint64_t pages, unsigned cpus, int batch) {
  return std::max(static_cast<int>(pages / std::max(cpus, 1U)), batch << 2);
}

/** 6.12: pcp->high follows consecutive frees; returns the limit at which draining starts. */
int high_for_free(const Zone& zone, PcpLists& pcp, bool free_high) {
  const int high = pcp.high = bounded_high(pcp, pcp.high);
  if (high == 0) {
    return 0;
  }
  if (free_high) {
    pcp.high = std::max(high - (pcp.batch << kPcpBatchScaleMax), pcp.high_min);
    return 0;
  }
  if (zone.reclaim_active()) {
    pcp.high = std::max(high - std::max(pcp.free_count, pcp.batch), pcp.high_min);
    return std::min(pcp.batch << 2, pcp.high);
  }
  if (pcp.high_min == pcp.high_max) {
    return high;
  }
  if (zone.below_high()) {
    pcp.high = std::max(high - std::max(pcp.free_count, pcp.batch), pcp.high_min);
    return std::max(pcp.count, pcp.high_min);
  }
  const int need = pcp.free_count + pcp.batch;
  if (pcp.count >= high && pcp.high < need) {
    pcp.high = bounded_high(pcp, need);
  }
  return high;
}

int free_count_tuned(const PcpLists& pcp, int high, bool free_high) {
  if (free_high) {
    return std::min(pcp.count, pcp.batch << kPcpBatchScaleMax);
  }
  if (high < pcp.batch) {
    return 1;
  }
  return std::min(std::max(pcp.free_count, pcp.batch), high - pcp.batch);
}

/** Costly orders freed in a row are not kept. */
bool note_high_order_free(PcpLists& pcp, Order order) {
  if (order == Order{0} || order > kCostlyOrder) {
    pcp.prev_free_high_order = false;
    return false;
  }
  const bool in_a_row = pcp.prev_free_high_order && pcp.free_count >= pcp.batch;
  pcp.prev_free_high_order = true;
  return in_a_row && (!pcp.free_high_batch || pcp.count >= pcp.batch);
}

int excess_tuned(Zone& zone, PcpLists& pcp, Order order) {
  const bool free_high = note_high_order_free(pcp, order);
  if (pcp.free_count < (pcp.batch << kPcpBatchScaleMax)) {
    pcp.free_count += 1 << order.value;
  }
  const int high = high_for_free(zone, pcp, free_high);
  return pcp.count < high ? kKeepAll : free_count_tuned(pcp, high, free_high);
}

/** 6.1: batches grow with frees in a row. */
int excess_scaled(const Zone& zone, PcpLists& pcp, Order order) {
  const bool costly = order > Order{0} && order <= kCostlyOrder;
  const bool free_high = pcp.free_factor > 0 && costly;
  const int limit = zone.reclaim_active() ? std::min(pcp.batch << 2, pcp.high) : pcp.high;
  const int high = free_high ? 0 : limit;
  if (pcp.count < high) {
    return kKeepAll;
  }
  if (free_high) {
    return pcp.count;
  }
  if (high < pcp.batch) {
    return 1;
  }
  const int scaled = pcp.batch << pcp.free_factor;
  if (scaled < high - pcp.batch && pcp.free_factor < kPcpBatchScaleMax) {
    ++pcp.free_factor;
  }
  return std::min(std::max(scaled, pcp.batch), high - pcp.batch);
}

Migratetype drain_type(const Zone& zone, Pfn pfn, Slot slot) {
  return zone.rules().pcp_remembers_type ? slot.type() : zone.pageblock(pfn).type;
}

// What was freed long ago is cold: its map is fetched some blocks ahead, the buddies it will meet a little later.
constexpr std::uint32_t kMapAhead = 8;
constexpr std::uint32_t kBuddiesAhead = 3;

void prefetch_first(const Zone& zone, const PcpRing& ring, int blocks) {
  const std::uint32_t count = std::min({kMapAhead, ring.size(), static_cast<std::uint32_t>(blocks)});
  for (std::uint32_t i = 0; i < count; ++i) {
    zone.prefetch(ring.from_tail(i));
  }
}

void drain_block(Zone& zone, PcpRing& ring, Order order) {
  if (ring.size() > kMapAhead) {
    zone.prefetch(ring.from_tail(kMapAhead));
  }
  if (ring.size() > kBuddiesAhead) {
    zone.prefetch_buddies(ring.from_tail(kBuddiesAhead), order);
  }
  const Pfn pfn = zone.pfn(ring.pop_tail());
  const Migratetype type = drain_type(zone, pfn, zone.slot(pfn));
  zone.clear_slot(pfn);
  zone.free_block(pfn, order, type);
  if (zone.trace() != nullptr) {
    zone.trace()->pcpu_drain(pfn, order, type);
  }
}

}  // namespace

void size_pcp(Zone& zone, unsigned cpus_of_node, const Tunables& tunables) {
  constexpr unsigned kMinHighFraction = 8;
  const std::uint64_t managed = zone.managed().value;
  const int batch = batch_size(managed);
  const std::uint64_t low = zone.watermarks().mark[static_cast<std::size_t>(Watermark::low)];  // boosts pass
  const unsigned high_fraction = tunables.percpu_pagelist_high_fraction;
  const std::uint64_t least = high_fraction == 0 ? low : managed / high_fraction;
  const std::uint64_t most = managed / (high_fraction == 0 ? kMinHighFraction : high_fraction);
  for (unsigned cpu = 0; cpu < zone.nr_cpus(); ++cpu) {
    PcpLists& pcp = zone.pcp(CpuId{cpu});
    pcp.batch = batch;
    pcp.free_high_batch = keeps_batch(batch, tunables.cpu_data_cache);
    pcp.high_min = high_size(least, cpus_of_node, batch);
    pcp.high_max = high_size(most, cpus_of_node, batch);
    pcp.high = zone.rules().pcp_tunes_high ? pcp.high : pcp.high_min;
  }
}

bool keeps_batch(int batch, std::uint64_t data_cache) {
  return data_cache / kPageSize > 3 * static_cast<std::uint64_t>(batch);
}

int bounded_high(const PcpLists& pcp, int high) { return std::min(std::max(high, pcp.high_min), pcp.high_max); }

int refill_count(Zone& zone, CpuId cpu, Order order) {
  PcpLists& pcp = zone.pcp(cpu);
  const auto scaled = [&](int batch) { return batch > 1 ? std::max(batch >> order.value, 2) : batch; };
  if (!zone.rules().pcp_tunes_high) {
    return scaled(pcp.batch);
  }
  int high = pcp.high = bounded_high(pcp, pcp.high);
  if (high < pcp.batch) {
    return 1;
  }
  int batch = order > Order{0} ? pcp.batch : pcp.batch << pcp.alloc_factor;
  if (pcp.high_min != pcp.high_max && !zone.below_high()) {
    high = pcp.high = std::min(high + batch, pcp.high_max);
  }
  if (order == Order{0}) {
    const int most = std::max(high - pcp.count - pcp.batch, pcp.batch);
    pcp.alloc_factor += batch <= most && pcp.alloc_factor < kPcpBatchScaleMax ? 1 : 0;
    batch = std::min(batch, most);
  }
  return scaled(batch);
}

int pages_to_drain(Zone& zone, PcpLists& pcp, Order order) {
  return zone.rules().pcp_tunes_high ? excess_tuned(zone, pcp, order) : excess_scaled(zone, pcp, order);
}

void note_drained(Zone& zone) {
  if (zone.below_high() && zone.watermark_ok(Order{0}, zone.high_wmark(), ZoneType::movable, AllocFlags{})) {
    zone.set_below_high(false);
  }
}

unsigned pcp_free(Zone& zone, CpuId cpu, Pfn pfn, Order order, Migratetype type) {
  PcpLists& pcp = zone.pcp(cpu);
  const std::size_t list = pcp_list(order, type < Migratetype::highatomic ? type : Migratetype::movable);
  zone.set_pcp(pfn, order, type);
  pcp.alloc_factor >>= 1;
  pcp.lists[list].push_head(zone.page(pfn));
  pcp.count += 1 << order.value;
  const int excess = pages_to_drain(zone, pcp, order);
  if (excess == kKeepAll) {
    return 0;
  }
  const unsigned drained = drain_bulk(zone, cpu, excess, list);
  note_drained(zone);
  return drained;
}

unsigned drain_bulk(Zone& zone, CpuId cpu, int count, std::size_t list) {
  PcpLists& pcp = zone.pcp(cpu);
  count = std::min(pcp.count, count);
  unsigned blocks = 0;
  for (; count > 0; list = (list + 1) % kNrPcpLists) {
    PcpRing& ring = pcp.lists[list];
    const Order order = pcp_order(list, zone.orders().pageblock);
    prefetch_first(zone, ring, count);
    for (; count > 0 && !ring.empty(); ++blocks) {
      count -= 1 << order.value;
      pcp.count -= 1 << order.value;
      drain_block(zone, ring, order);
    }
  }
  return blocks;
}

unsigned drain_all(Zone& zone, CpuId cpu) {
  PcpLists& pcp = zone.pcp(cpu);
  unsigned blocks = 0;
  while (pcp.count > 0) {
    blocks += drain_bulk(zone, cpu, std::min(pcp.count, pcp.batch << kPcpBatchScaleMax), 0);
  }
  return blocks;
}

int decayed_excess(const Zone& zone, PcpLists& pcp) {
  if (!zone.rules().pcp_tunes_high) {
    return 0;
  }
  if (pcp.high > pcp.high_min) {
    const int by_count = pcp.count - (pcp.batch << kPcpBatchScaleMax);
    pcp.high = std::max({by_count, pcp.high - (pcp.high >> 3), pcp.high_min});
  }
  return pcp.count - pcp.high;
}

unsigned decay_high(Zone& zone, CpuId cpu) {
  PcpLists& pcp = zone.pcp(cpu);
  unsigned blocks = 0;
  for (int excess = decayed_excess(zone, pcp); excess > 0; excess -= pcp.batch) {
    blocks += drain_bulk(zone, cpu, std::min(excess, pcp.batch), 0);
  }
  return blocks;
}

}  // namespace gbsim
