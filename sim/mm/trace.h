// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "sim/base/types.h"
#include "sim/mm/migratetype.h"

namespace gbsim {

/** What a fallback did to the pageblock it took from. */
enum class ExtfragAction : std::uint8_t { claim, steal, pollute };

inline constexpr std::size_t kNrExtfragActions = 3;

/** One request served from another type's list: the fields of mm_page_alloc_extfrag, and what became of the block. */
struct ExtfragEvent {
  Pfn pfn;
  Order order;
  Order fallback_order;
  Migratetype type = Migratetype::unmovable;      // of the request
  Migratetype fallback = Migratetype::unmovable;  // of the list it came from
  bool owned = false;                             // the block's type is the request's now
  ExtfragAction action = ExtfragAction::steal;
};

/** Listens to what the kernel's kmem tracepoints would show. Costs nothing while no sink is set. */
class TraceSink {
 public:
  virtual ~TraceSink() = default;
  /** A block leaves a free list, for a per-CPU refill or directly. */
  virtual void zone_locked(Pfn pfn, Order order, Migratetype type, bool refill) = 0;
  /** A block returns from a per-CPU list to the free lists. */
  virtual void pcpu_drain(Pfn pfn, Order order, Migratetype type) = 0;
  virtual void extfrag(const ExtfragEvent& event) = 0;
  /** Whoever had a block gives it back. */
  virtual void page_freed(Pfn /*pfn*/, Order /*order*/) {}
  /**
   * The pageblock at @start begins (or ceases) to hold pages of @type, where gigablocks are indexed; @first_or_last:
   * of its gigablock.
   */
  virtual void pageblock_tainted(Pfn /*start*/, Migratetype /*type*/, bool /*holds*/, bool /*first_or_last*/) {}
};

/**
 * Fallback events by action and type pair. claim: a whole free block changed its type; steal: a partly used one did;
 * pollute: pages were taken and the block keeps its type.
 */
struct ExtfragCounts {
  std::array<std::array<std::array<std::uint64_t, kNrMigratetypes>, kNrMigratetypes>, kNrExtfragActions> events{};
  std::uint64_t fragmenting = 0;  // fallback order below the pageblock's

  void add(const ExtfragEvent& event, Order pageblock);
  std::uint64_t count(ExtfragAction action, Migratetype type, Migratetype fallback) const {
    return events[static_cast<std::size_t>(action)][index(type)][index(fallback)];
  }
  std::uint64_t total(ExtfragAction action) const;
  std::uint64_t total() const;
  /** Unmovable requests served out of movable memory, whatever the action. */
  std::uint64_t unmovable_into_movable() const;
};

}  // namespace gbsim
