// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/base/types.h"
#include "sim/mm/migratetype.h"
#include "sim/mm/page_map.h"

namespace gbsim {

/** What a recording can tell of the page allocator. The first seven have the numbers of PGT1's tags. */
enum class EventKind : std::uint8_t {
  alloc,         // mm_page_alloc: a caller got a block
  free,          // mm_page_free: a caller gave one back
  free_batched,  // mm_page_free_batched: repeats a free, says nothing new
  zone_locked,   // mm_page_alloc_zone_locked: a block left a free list
  pcpu_drain,    // mm_page_pcpu_drain: a block returned from a per-CPU list to the buddy
  extfrag,       // mm_page_alloc_extfrag: a request was served from another type's list
  migrate,       // contents moved from one page to another
  buddy_free,    // hidden: a block reached the buddy without a pcpu_drain
  isolate,       // hidden: compaction took a free block off its list
  set_type,      // hidden: a pageblock's type was written
  isolate_range, // mm_compaction_isolate_freepages: free blocks between pfn and to left their lists
  fast_isolate,  // mm_compaction_fast_isolate_freepages: a search of the movable lists for a block at or above pfn
  scan_source,   // mm_compaction_isolate_migratepages: pages from pfn up to `to` were looked at
  migrated,      // mm_compaction_migratepages: what scan_source took was moved, as far as it could be
  compaction,    // mm_compaction_begin: pages are moved from pfn upwards, into free ones from `to` downwards
  compaction_check,  // mm_compaction_finished: whether it goes on; pfn is the next pageblock scanned (SourceScans)
  compaction_end,    // mm_compaction_end
  other,         // an event that says nothing about pages
};

inline constexpr std::size_t kNrEventKinds = 18;

/** CPUs are numbered below this: no kernel is built for more. */
inline constexpr std::uint32_t kMostCpus = 8192;

/** Pages from here on lie beyond 52 bits of physical address: no machine has them. */
inline constexpr Pfn kEndOfPages{std::uint64_t{1} << 40};

/** More than a century; far enough from the largest time that sums stay within it. */
inline constexpr Ns kLatestTime{std::int64_t{1} << 62};

/** One event of a recording, whatever its format. */
struct TraceEvent {
  EventKind kind = EventKind::other;
  bool flag = false;     // whether it did what its kind can do or not: the questions below ask by kind
  bool has_pfn = true;   // false: an attempt that got nothing, a search from nowhere, a check before nothing
  bool announced = true; // alloc: false if no event shows it and untraced.csv does
  std::uint16_t cpu = 0;
  Order order{};         // migrate: 0, the recording leaves it open; compaction_check: 0 if for no order
  Migratetype type = Migratetype::unmovable;
  Order fallback_order{};                                // extfrag
  Migratetype fallback_type = Migratetype::unmovable;    // extfrag
  std::uint16_t scanned = 0;  // isolate_range, fast_isolate: blocks met, and all pages but one of those taken
  std::uint32_t gfp = 0;  // alloc: the kernel's bits; of compaction's, read as pages_taken() and task_of()
  Ns time{0};            // the recording's clock
  Pfn pfn{};             // migrate: the old page
  // migrate: the new page; isolate_range, scan_source: one past the last page looked at; fast_isolate, compaction:
  // where the free scanner is
  Pfn to{};

  bool operator==(const TraceEvent&) const = default;
};

static_assert(sizeof(TraceEvent) <= 40);

/** From a file beside the recording: its place among the events is known, but it is no step of what its CPU does. */
constexpr bool is_aside(const TraceEvent& event) {
  return event.kind == EventKind::buddy_free || event.kind == EventKind::isolate || event.kind == EventKind::set_type ||
         !event.announced;
}

/** An extfrag: the pageblock becomes the requested type's. */
constexpr bool claims(const TraceEvent& event) { return event.flag; }
/** A buddy_free: the block went to its list's tail. */
constexpr bool goes_to_tail(const TraceEvent& event) { return event.flag; }
/** A scan_source: it found pages to move. */
constexpr bool found_pages(const TraceEvent& event) { return event.flag; }
/** A fast_isolate: the search ended with a block. */
constexpr bool took_block(const TraceEvent& event) { return event.flag; }
/** Compaction is at work, or has been: it begins, moves a page or takes one to move to. */
constexpr bool shows_compaction(EventKind kind) {
  return kind == EventKind::compaction || kind == EventKind::migrate || kind == EventKind::isolate;
}
/** Says that compaction goes on: of all kinds only a compaction_check does. */
constexpr bool goes_on(const TraceEvent& event) { return event.kind == EventKind::compaction_check && event.flag; }

/** Pages that an isolate_range took. */
constexpr NrPages pages_taken(const TraceEvent& event) { return NrPages{event.gfp}; }

/** Its events tell which task compacts; for those about free blocks in a range, the CPU has to do. */
constexpr bool tells_task(EventKind kind) {
  return kind >= EventKind::fast_isolate && kind <= EventKind::compaction_end;
}
/** The task that compacts, as its kernel numbers it. Requires: tells_task(). */
constexpr std::uint32_t task_of(const TraceEvent& event) { return event.gfp; }

/** Names pages by where they begin and end, of which page 0 may be the first. */
constexpr bool is_range(EventKind kind) { return kind == EventKind::isolate_range || tells_task(kind); }

/** The event is about a block, of an order that a zone can have, that ends at @end or before. */
constexpr bool names_block_below(const TraceEvent& event, Pfn end) {
  return event.has_pfn && event.order.value < kMaxOrders && event.pfn < end && event.order.pages() <= end - event.pfn;
}

/** Migratetypes of a kernel without CMA, which recorders number theirs as. */
inline constexpr unsigned kNrTypesWithoutCma = 5;

/** The type a kernel's number @value stands for, where @nr_types counts its migratetypes: without CMA, 4 is isolate. */
constexpr Migratetype kernel_migratetype(unsigned value, unsigned nr_types) {
  return nr_types < kNrMigratetypes && value == 4 ? Migratetype::isolate : static_cast<Migratetype>(value);
}

}  // namespace gbsim
