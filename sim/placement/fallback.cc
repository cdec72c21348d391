// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/fallback.h"

namespace gbsim {

bool mostly_compatible(const Zone& zone, Pfn block, Migratetype type) {
  const Pageblock& home = zone.pageblock(block);
  const auto pages = static_cast<int>(zone.orders().pageblock.pages().value);
  int alike = home.migratable;
  if (type != Migratetype::movable) {
    alike = home.type == Migratetype::movable ? pages - home.free - home.migratable : 0;
  }
  return home.free + alike >= pages / 2;
}

}  // namespace gbsim
