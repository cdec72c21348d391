// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/trace.h"

namespace gbsim {

void ExtfragCounts::add(const ExtfragEvent& event, Order pageblock) {
  ++events[static_cast<std::size_t>(event.action)][index(event.type)][index(event.fallback)];
  fragmenting += event.fallback_order < pageblock ? 1 : 0;
}

std::uint64_t ExtfragCounts::total(ExtfragAction action) const {
  std::uint64_t sum = 0;
  for (const auto& row : events[static_cast<std::size_t>(action)]) {
    for (const std::uint64_t count : row) {
      sum += count;
    }
  }
  return sum;
}

std::uint64_t ExtfragCounts::total() const {
  return total(ExtfragAction::claim) + total(ExtfragAction::steal) + total(ExtfragAction::pollute);
}

std::uint64_t ExtfragCounts::unmovable_into_movable() const {
  std::uint64_t sum = 0;
  for (std::size_t action = 0; action < kNrExtfragActions; ++action) {
    sum += events[action][index(Migratetype::unmovable)][index(Migratetype::movable)];
  }
  return sum;
}

}  // namespace gbsim
