// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sim/recording/trace_event.h"

namespace gbsim {

/**
 * Frees past the per-CPU lists that have been carried out, at a time that was inferred, while their pages stay free. A
 * page among them that heads a list is in the wrong place if the kernel takes what comes behind it: it is doubted.
 */
class InferredFrees {
 public:
  void arrived(const TraceEvent& free) { frees_[free.pfn] = {free, false}; }
  /** No page of the block is in question any longer. */
  void left(Pfn head, Order order);
  /** A free of pages in this block that has not been doubted yet; it is from now on. */
  std::optional<TraceEvent> doubt(Pfn head, Order order);
  /** All that are doubted; they are no more. */
  std::vector<TraceEvent> take_doubted();

 private:
  struct Arrival {
    TraceEvent free;
    bool doubted = false;
  };

  std::map<Pfn, Arrival> frees_;
};

}  // namespace gbsim
