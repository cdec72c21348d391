// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/base/maybe.h"
#include "sim/reclaim/migration.h"

namespace gbsim {

/** Why a range could not be emptied, or become one gigantic page. */
enum class ContigFailure : std::uint8_t { reserved, unmovable, gigantic, no_target, pinned, busy };

inline constexpr std::size_t kNrContigFailures = 6;
inline constexpr std::array<std::string_view, kNrContigFailures> kContigFailureNames{
    "reserved", "unmovable", "gigantic", "no_target", "pinned", "busy"};

/** All free memory of the pageblock at @start changes lists and the pageblock its type; counters follow. */
void retype_pageblock(Zone& zone, Pfn start, Migratetype to);

/** Reading the struct pages of a pageblock in sequence, in units of one page looked at by a compaction scanner. */
inline constexpr std::uint64_t kLookAtPageblock = 64;

/** Up to @most whole gigablocks without anything unmovable, in @order. Requires: @zone indexes its gigablocks. */
std::vector<GigablockId> clean_candidates(const Zone& zone, ContigOrder order, unsigned most);

/** Moves what is in a range of pages elsewhere, wherever the placement puts movable memory. */
class Evacuation {
 public:
  using Refusal = std::optional<ContigFailure>;

  /** @may_reclaim: targets may be made room for. Both references must outlive it. */
  Evacuation(PageAllocator& allocator, Migration& migration, bool may_reclaim);

  /** Empties [@first, @until); stops at the first folio that cannot go. What is free stays where it is. */
  Refusal vacate(Zone& zone, Pfn first, Pfn until, CpuId cpu);
  /**
   * Empties a pageblock so that it is wholly free afterwards: isolated meanwhile, and of type @then in the end,
   * whether it worked or not. Requires: it holds nothing but free and movable pages.
   */
  Refusal empty_pageblock(Zone& zone, Pfn start, Migratetype then, CpuId cpu);
  /** Moves the movable folios out of a pageblock that holds others too; returns base pages moved. */
  std::uint64_t move_movable_out(Zone& zone, Pfn start, CpuId cpu);

  /**
   * Moves whatever movable folios can go out of [@first, @until), which is isolated, and leaves the others; gives up
   * where no room is left for them.
   */
  void clear_out(Zone& zone, Pfn first, Pfn until, CpuId cpu);

  /** Base pages since the beginning. */
  std::uint64_t pages_migrated() const { return pages_migrated_; }

 private:
  Refusal vacate_block(const PageView& view, CpuId cpu);
  NrPages size_of(const PageView& view) const;
  Refusal move_out(FolioId id, CpuId cpu);
  Refusal move_parts_out(FolioId id, CpuId cpu);
  Maybe<Pfn> target_for(const Folio& folio, CpuId cpu);

  PageAllocator& allocator_;
  Memory& memory_;
  Migration& migration_;
  bool may_reclaim_;
  std::uint64_t pages_migrated_ = 0;
};

}  // namespace gbsim
