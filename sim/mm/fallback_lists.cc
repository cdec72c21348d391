// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/fallback_lists.h"

namespace gbsim {

std::optional<Migratetype> fallback_list(const Zone& zone, Order order, Migratetype type) {
  if (type > Migratetype::reclaimable) {
    return std::nullopt;
  }
  for (const Migratetype fallback : kFallbacks[index(type)]) {
    if (zone.has_free(order, fallback)) {
      return fallback;
    }
  }
  return std::nullopt;
}

}  // namespace gbsim
