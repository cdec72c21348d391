// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/mm/lazy_array.h"
#include "sim/mm/memory.h"
#include "sim/mm/pcp.h"
#include "sim/recording/trace_event.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

/**
 * What the kernel's per-CPU lists hold, as list events tell: refills join at the tail, frees at the head, calls take
 * from the head, drains from anywhere. Calls that no event shows are noticed by what they leave behind, even where
 * untraced.csv knows their pages: not when they took them.
 */
class RecordedPcps {
 public:
  /** @followed has the free lists of the recording, @start the per-CPU lists of its first snapshot. */
  RecordedPcps(Memory& followed, const Memory& start);

  /** Events in order, each after the free lists have followed it. @next follows on its CPU; nullptr: unknown. */
  void feed(const TraceEvent& event, const TraceEvent* next);
  static bool looks_ahead(const TraceEvent& event) { return event.kind == EventKind::alloc; }
  /** Into @blocks: list @list of one CPU, head first, without what reached the free lists unseen. */
  void read_list(const Zone& zone, CpuId cpu, std::size_t list, std::vector<Pfn>& blocks) const;

 private:
  struct ZoneLists {
    LazyArray<std::uint32_t> home;  // by page: 1 + index of its list; 0: on none
    std::vector<PcpRing> lists;     // by CPU, then kind
  };

  void load(const Zone& zone, const PcpRing& ring, PcpRing& list);
  PcpRing& list_of(const Zone& zone, const TraceEvent& event, Migratetype type);
  void refill(const Zone& zone, const TraceEvent& event);
  void alloc(const Zone& zone, const TraceEvent& event, const TraceEvent* next);
  void free(const Zone& zone, const TraceEvent& event);
  void drain(const Zone& zone, Pfn pfn);
  void note_home(const Zone& zone, PageIndex block, const PcpRing& list);

  RecordedPages pages_;
  std::vector<ZoneLists> zones_;
};

}  // namespace gbsim
