// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/inferred_frees.h"

#include <utility>

namespace gbsim {

void InferredFrees::left(Pfn head, Order order) {
  if (!frees_.empty()) {
    frees_.erase(frees_.lower_bound(head), frees_.lower_bound(head + order.pages()));
  }
}

std::optional<TraceEvent> InferredFrees::doubt(Pfn head, Order order) {
  const auto end = frees_.lower_bound(head + order.pages());
  for (auto at = frees_.lower_bound(head); at != end; ++at) {
    if (!std::exchange(at->second.doubted, true)) {
      return at->second.free;
    }
  }
  return std::nullopt;
}

std::vector<TraceEvent> InferredFrees::take_doubted() {
  std::vector<TraceEvent> doubted;
  for (auto& [pfn, arrival] : frees_) {
    if (std::exchange(arrival.doubted, false)) {
      doubted.push_back(arrival.free);
    }
  }
  return doubted;
}

}  // namespace gbsim
