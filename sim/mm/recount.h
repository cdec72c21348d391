// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/mm/zone.h"

namespace gbsim {

/** What a walk over the page map of one zone finds; nothing in it comes from a counter. */
struct ZoneRecount {
  std::vector<Pageblock> pageblocks;
  std::array<std::array<std::uint64_t, kNrMigratetypes>, kMaxOrders> free_blocks{};
  std::array<std::uint64_t, kNrMigratetypes> free_pages{};
  std::uint64_t pcp_pages = 0;
  std::uint64_t managed = 0;
  std::uint64_t folios = 0;
  std::string drawing;  // one character a page of the zone
};

/** Walks block by block; throws InvariantViolation where blocks overlap or pages belong to nobody. */
ZoneRecount recount_zone(const Zone& zone, const FolioTable& folios, bool with_drawing = false);

/** An index over gigablocks built anew from @recount and the page map; isolation is as the zone says. */
GigablockIndex reindex_gigablocks(const Zone& zone, const ZoneRecount& recount);

}  // namespace gbsim
