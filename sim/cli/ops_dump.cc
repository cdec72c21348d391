// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/ops_dump.h"

namespace gbsim::cli {

namespace {

void print_counters(const Zone& zone, Printer& out) {
  const ZoneStat& free = zone.free_stat();
  out.print("thr {} stat_threshold {} vmfree {} diffs", zone.index(), free.threshold(), free.global());
  for (unsigned cpu = 0; cpu < zone.nr_cpus(); ++cpu) {
    out.print(" {}", free.delta(CpuId{cpu}));
  }
  out.print(" below_high {} hafree {}\n", zone.below_high() ? 1 : 0, zone.free_highatomic().value);
  const auto& mark = zone.watermarks().mark;
  out.print("zone {} start {} pages {} managed {} free {} min {} low {} high {} boost {} highatomic {}\n",
            zone.index(), zone.start().value, zone.spanned().value, zone.managed().value,
            std::max<std::int64_t>(free.exact(), 0), mark[0], mark[1], mark[2], zone.boost().value,
            zone.reserved_highatomic().value);
}

void print_free_list(const Zone& zone, Order order, Migratetype type, Printer& out) {
  if (!zone.has_free(order, type)) {
    return;
  }
  out.print("L {} {} {}:", zone.index(), order.value, index(type));
  zone.for_each_free(order, type, [&](Pfn pfn) {
    out.print(" {}", pfn.value);
    return true;
  });
  out.print("\n");
}

void print_free_lists(const Zone& zone, Printer& out) {
  for (Order order{0}; order <= zone.orders().max; ++order) {
    for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
      print_free_list(zone, order, static_cast<Migratetype>(type), out);
    }
  }
}

void print_pcp_numbers(const Zone& zone, unsigned cpu, const PcpLists& pcp, Printer& out) {
  out.print("pcp {} {} count {} high {}", zone.index(), cpu, pcp.count, pcp.high);
  if (!zone.rules().pcp_tunes_high) {
    out.print(" batch {} free_factor {}\n", pcp.batch, pcp.free_factor);
    return;
  }
  const int flags = (pcp.prev_free_high_order ? 1 : 0) + (pcp.free_high_batch ? 2 : 0);
  out.print(" high_min {} high_max {} batch {} flags {} alloc_factor {} free_count {}\n", pcp.high_min, pcp.high_max,
            pcp.batch, flags, pcp.alloc_factor, pcp.free_count);
}

void print_pcp(const Zone& zone, unsigned cpu, Printer& out) {
  const PcpLists& pcp = zone.pcp(CpuId{cpu});
  print_pcp_numbers(zone, cpu, pcp, out);
  for (std::size_t list = 0; list < kNrPcpLists; ++list) {
    const PcpRing& ring = pcp.lists[list];
    if (ring.empty()) {
      continue;
    }
    out.print("P {} {} {}:", zone.index(), cpu, list);
    for (std::uint32_t i = 0; i < ring.size(); ++i) {
      out.print(" {}", zone.pfn(ring.from_head(i)).value);
    }
    out.print("\n");
  }
}

}  // namespace

void print_memory(const Memory& memory, Printer& out) {
  for (std::size_t i = 0; i < memory.nr_zones(); ++i) {
    const Zone& zone = memory.zone(i);
    print_counters(zone, out);
    print_free_lists(zone, out);
    for (unsigned cpu = 0; cpu < zone.nr_cpus(); ++cpu) {
      print_pcp(zone, cpu, out);
    }
    out.print("B {} ", i);
    for (Pfn at = zone.start(); at < zone.end(); at += zone.orders().pageblock.pages()) {
      out.print("{}", index(zone.pageblock(at).type));
    }
    out.print("\n");
  }
}

}  // namespace gbsim::cli
