// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/mm/migratetype.h"

namespace gbsim {

/** Page counts and label of one pageblock; the counts always equal a recount of the page map. */
struct Pageblock {
  std::uint16_t free = 0;         // on buddy free lists
  std::uint16_t unmovable = 0;    // allocated, by the type of the request
  std::uint16_t movable = 0;
  std::uint16_t reclaimable = 0;
  std::uint16_t pinned = 0;       // of the above: cannot migrate although migratable
  std::uint16_t reserved = 0;     // holes and boot-time memory
  std::uint16_t migratable = 0;   // of the above: on the LRU or with movable_ops, whatever their type
  Migratetype type = Migratetype::movable;
  bool skip = false;              // compaction's hint

  constexpr std::uint16_t allocated() const {
    return static_cast<std::uint16_t>(unmovable + movable + reclaimable);
  }
  static constexpr void add(std::uint16_t& counter, int pages) {
    counter = static_cast<std::uint16_t>(counter + pages);
  }
  constexpr void add_allocated(Migratetype request, bool can_migrate, int pages) {
    add(this->*counter_of(request), pages);
    add(migratable, can_migrate ? pages : 0);
  }
  /** Where allocated pages of a request type are counted; highatomic and others count as unmovable. */
  static constexpr std::uint16_t Pageblock::* counter_of(Migratetype request) {
    if (request == Migratetype::movable) {
      return &Pageblock::movable;
    }
    return request == Migratetype::reclaimable ? &Pageblock::reclaimable : &Pageblock::unmovable;
  }
};

static_assert(sizeof(Pageblock) <= 32);

enum class GigablockState : std::uint8_t { empty, clean, tainted };

/** What one gigablock holds, summed over its pageblocks. Pages on per-CPU lists count as free. */
struct GigablockCensus {
  std::uint64_t free = 0;
  std::uint64_t movable = 0;
  std::uint64_t unmovable = 0;     // boot-time reserved memory and holes included
  std::uint64_t reclaimable = 0;
  std::uint64_t pinned = 0;
  std::uint64_t free_pageblocks = 0;
  GigablockState state = GigablockState::empty;
};

}  // namespace gbsim
