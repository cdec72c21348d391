// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
// SKETCH of the interface other layers rely on. The mm owner completes it, splits it, and keeps these names.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/types.h"
#include "sim/mm/folio.h"
#include "sim/mm/migratetype.h"

namespace gbsim {

enum class ZoneType : std::uint8_t { dma, dma32, normal, movable };

/** Run-time orders, so that toy zones of a few hundred pages work as real ones. */
struct ZoneOrders {
  Order max{10};
  Order pageblock{9};
  Order gigablock{18};
};

struct ZoneSpec {
  ZoneType type = ZoneType::normal;
  NodeId node{};
  Pfn start;
  NrPages spanned;
  ZoneOrders orders{};
  unsigned nr_cpus = 1;
  std::vector<std::pair<Pfn, NrPages>> holes;     // no memory behind these pfns
  std::vector<std::pair<Pfn, NrPages>> reserved;  // boot-time memory: present, never managed
};

/** What stands at a pfn. `tail` only when looked at from inside a larger block. */
enum class PageKind : std::uint8_t { hole, reserved, free_head, pcp, folio_head, raw_head, tail };

struct PageView {
  PageKind kind = PageKind::hole;
  Order order;      // free_head, folio_head, pcp
  FolioId folio;    // folio_head
  Migratetype list = Migratetype::movable;  // free_head: the list it is on; pcp: the list it came from
};

/** Page counts and label of one pageblock; the counts always equal a recount of the page map. */
struct Pageblock {
  std::uint16_t free = 0;         // on buddy free lists
  std::uint16_t unmovable = 0;    // in live folios, by the type they were allocated as
  std::uint16_t movable = 0;
  std::uint16_t reclaimable = 0;
  std::uint16_t pinned = 0;       // of the above, pages that cannot migrate although movable
  std::uint16_t reserved = 0;     // holes and boot-time memory
  Migratetype type = Migratetype::movable;
  bool skip = false;              // compaction's hint
};

/** How a block joins its free list. */
enum class FreeFlags : std::uint8_t { none = 0, skip_report = 1, to_tail = 2 };

class Zone;
}  // namespace gbsim
