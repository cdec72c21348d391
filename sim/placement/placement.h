// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/base/types.h"
#include "sim/mm/alloc_flags.h"
#include "sim/mm/migratetype.h"

namespace gbsim {

/** How much an allocation unsettles; each mode is riskier than the one before (enum rmqueue_mode). */
enum class PlacementMode : std::uint8_t { normal, cma, claim, steal };

/** What the zone is to do with the block that was chosen. */
enum class PlacementAction : std::uint8_t {
  take,             // split it, the rest stays on lists of its type
  claim_blocks,     // it covers whole pageblocks: they change type, the rest joins the new type's lists
  claim_pageblock,  // its pageblock and all free pages in it change type; then look again
  move_pageblock,   // all free pages of its pageblock change lists, the pageblock keeps its type; look again
  move_blocks,      // whole pageblocks change type and the block changes lists unsplit; look again
  move_chunk,       // the block changes lists, its pageblock keeps its type; look again
};

/** What is asked of one zone. */
struct PlacementRequest {
  Order order;
  Migratetype type = Migratetype::unmovable;
  AllocFlags flags{};
};

/** Where to allocate from, as a value: a zone carries it out. */
struct Placement {
  Pfn block;
  Order found;                                // order of the free block at @block
  Migratetype list = Migratetype::unmovable;  // the list it is on
  PlacementAction action = PlacementAction::take;
  PlacementMode mode = PlacementMode::normal;  // where the next choice of the same refill starts
  std::string_view step{};                     // the row that decided
};

/** A pageblock of @label that could not become one of the wanted type; @reason as spb_claim_block_refused names it. */
struct ClaimRefusal {
  Pfn block;
  Migratetype label = Migratetype::unmovable;
  std::string_view reason{};
};

/** What a search for a gigablock looked at. */
struct SearchWork {
  std::uint64_t gigablocks = 0;    // headers, on a walk or after a false hit
  std::uint64_t bitmap_words = 0;
};

/** A choice, what finding it cost, and how often its search met a mixed pageblock, each of which boosts watermarks. */
struct Choice {
  std::optional<Placement> placement{};
  unsigned boosts = 0;
  SearchWork work{};
};

}  // namespace gbsim
