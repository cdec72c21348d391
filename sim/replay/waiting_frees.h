// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/recording/trace_event.h"

namespace gbsim {

/**
 * Frees past the per-CPU lists on their way to the buddy. The kernel announces a batch of frees before it frees the
 * first, and then waits for zone->lock while another CPU drains or refills: so does a free that is added here. If the
 * CPU has shown nothing for long, only its next event tells, or that the page leaves a list.
 */
class WaitingFrees {
 public:
  void add(const TraceEvent& free);
  bool empty() const { return waiting_.empty(); }
  /** Takes out those that reach the buddy before @event happens, in order. Every event has to be given here. */
  std::vector<TraceEvent> due(const TraceEvent& event) {
    std::vector<TraceEvent> due;
    if (!waiting_.empty()) [[unlikely]] {
      due = take_due(event);
    }
    follow_hold(event);
    return due;
  }
  std::vector<TraceEvent> rest() { return std::move(waiting_); }

 private:
  /** One hold of zone->lock, by the latest list event under it. */
  struct Hold {
    EventKind kind = EventKind::other;  // no list event: nobody holds it
    std::uint16_t cpu = 0;
    Order order{};
    Migratetype type = Migratetype::unmovable;
    Ns time{0};
  };
  static bool is_list_event(EventKind kind) {
    return kind == EventKind::zone_locked || kind == EventKind::pcpu_drain || kind == EventKind::extfrag;
  }
  std::vector<TraceEvent> take_due(const TraceEvent& event);
  bool is_due(const TraceEvent& free, const TraceEvent& event) const;
  /** @event happens under the same hold of zone->lock as the list event before it. */
  bool continues_hold(const TraceEvent& event) const;
  void follow_hold(const TraceEvent& event) {
    if (is_list_event(event.kind)) {
      hold_ = {event.kind, event.cpu, event.order, event.type, event.time};
    } else if (hold_.cpu == event.cpu) {
      hold_.kind = EventKind::other;
    }
  }

  std::vector<TraceEvent> waiting_;
  Ns last_free_{0};  // by the CPU of the waiting ones
  Hold hold_;        // while its CPU has shown nothing else
};

}  // namespace gbsim
