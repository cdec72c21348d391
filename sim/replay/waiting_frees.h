// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
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
  std::vector<TraceEvent> due(const TraceEvent& event);
  std::vector<TraceEvent> rest() { return std::move(waiting_); }

 private:
  bool is_due(const TraceEvent& free, const TraceEvent& event) const;
  /** @event happens under the same hold of zone->lock as the list event before it. */
  bool continues_hold(const TraceEvent& event) const;
  void follow_hold(const TraceEvent& event);

  std::vector<TraceEvent> waiting_;
  Ns last_free_{0};                   // by the CPU of the waiting ones
  std::optional<TraceEvent> holder_;  // the latest list event, while its CPU has shown nothing else
};

}  // namespace gbsim
