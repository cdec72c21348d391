// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/recording/trace_event.h"
#include "toy_snapshot.h"

namespace gbsim::test {

// Events of a compaction by @task on CPU 0, about pages of a toy snapshot.

inline TraceEvent compaction_event(EventKind kind, std::uint32_t task, std::uint64_t offset = 0, std::uint64_t to = 0) {
  TraceEvent event = toy_event(kind, offset, 0, Migratetype::movable);
  event.gfp = task;
  event.to = toy_page(to);
  return event;
}

inline TraceEvent compaction_begins(std::uint32_t task, std::uint64_t migrate, std::uint64_t free) {
  return compaction_event(EventKind::compaction, task, migrate, free);
}

/** It goes on, for a block of @order, and scans @next for pages to move. */
inline TraceEvent compaction_checked(std::uint32_t task, unsigned order, std::uint64_t next) {
  TraceEvent event = compaction_event(EventKind::compaction_check, task, next);
  event.order = Order{order};
  event.flag = true;
  return event;
}

inline TraceEvent source_scanned(std::uint32_t task, std::uint64_t from, std::uint64_t to, bool took) {
  TraceEvent event = compaction_event(EventKind::scan_source, task, from, to);
  event.flag = took;
  return event;
}

inline TraceEvent pages_migrated(std::uint32_t task) { return compaction_event(EventKind::migrated, task); }

inline TraceEvent compaction_ends(std::uint32_t task) { return compaction_event(EventKind::compaction_end, task); }

/** A search that met @met blocks and took one of @order. */
inline TraceEvent target_taken(std::uint32_t task, std::uint64_t acceptable, std::uint64_t free, unsigned order,
                               unsigned met) {
  TraceEvent event = compaction_event(EventKind::fast_isolate, task, acceptable, free);
  event.flag = true;
  event.order = Order{order};
  event.scanned = static_cast<std::uint16_t>(met + (1U << order) - 1);
  return event;
}

/** One that took none. */
inline TraceEvent target_missed(std::uint32_t task, std::uint64_t acceptable, std::uint64_t free, unsigned met) {
  TraceEvent event = target_taken(task, acceptable, free, 0, met);
  event.flag = false;
  event.scanned = static_cast<std::uint16_t>(met);
  return event;
}

}  // namespace gbsim::test
