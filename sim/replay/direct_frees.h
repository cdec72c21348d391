// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/replay/trace_event.h"

namespace gbsim {

/**
 * Finds frees of orders with per-CPU lists that reached the buddy all the same, unannounced (a trylock that failed).
 * Such a page shows itself later: it leaves a free list although it never returned to one. Feed every event of a
 * recording in order, then ask for the numbers of those frees.
 */
class DirectFreeFinder {
 public:
  /** @number counts events from 1. */
  void note(const TraceEvent& event, std::uint64_t number);
  /** Numbers of the frees in question, ascending. */
  std::vector<std::uint64_t> take();

 private:
  std::uint64_t* pages_of(const TraceEvent& event);
  void left_list(const TraceEvent& event);

  std::vector<std::uint64_t> freed_;  // by pfn: the number of the free after which nothing else happened to the page
  std::vector<std::uint64_t> found_;
};

}  // namespace gbsim
