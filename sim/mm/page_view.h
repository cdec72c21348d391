// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/base/types.h"
#include "sim/mm/migratetype.h"

namespace gbsim {

/** What stands at a pfn. `tail` only when looked at from inside a larger block. */
enum class PageKind : std::uint8_t { hole, reserved, free_head, pcp, folio_head, raw_head, tail };

/** One page as seen from outside. */
struct PageView {
  PageKind kind = PageKind::hole;
  Order order{};    // free_head, pcp, raw_head; a folio's order is in its record
  FolioId folio{};  // folio_head
  Migratetype list = Migratetype::movable;  // free_head: its list; pcp: the type remembered; raw_head: the request's
};

}  // namespace gbsim
