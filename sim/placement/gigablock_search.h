// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/tunables.h"
#include "sim/mm/zone.h"

namespace gbsim {

/** What a kernel would have paid for picking gigablocks. */
struct GigablockSearchCost {
  std::uint64_t picks = 0;
  std::uint64_t gigablocks_examined = 0;  // headers read: by the walk, or to find that a bitmap's hit was false
  std::uint64_t bitmap_words = 0;
  std::uint64_t false_positives = 0;
};

/** What a step looks for: a gigablock of @category with a free block of @type of at least @least. */
struct GigablockWanted {
  GigablockCategory category = GigablockCategory::clean;
  Migratetype type = Migratetype::movable;
  Order least{};
  Fullness from = Fullness::full;  // none fuller
};

/**
 * Picks one gigablock, the fullest that will do and of those the first by address, and counts what that costs. Whether
 * by a walk over lists or by bitmaps, the answer is the same; only a bitmap without its refinements differs.
 */
class GigablockSearch {
 public:
  virtual ~GigablockSearch() = default;
  std::optional<GigablockId> find(const GigablockIndex& index, const GigablockWanted& wanted) {
    ++cost_.picks;
    return pick(index, wanted);
  }
  const GigablockSearchCost& cost() const { return cost_; }

 protected:
  virtual std::optional<GigablockId> pick(const GigablockIndex& index, const GigablockWanted& wanted) = 0;

  GigablockSearchCost cost_;
};

/** The RFC: lists by category and fullness, walked until a gigablock has what is wanted. */
class WalkSearch : public GigablockSearch {
 private:
  std::optional<GigablockId> pick(const GigablockIndex& index, const GigablockWanted& wanted) override;
};

/** The same walk carried out, as a kernel would: for benchmarks, where its time counts. */
class SteppingWalkSearch : public GigablockSearch {
 private:
  std::optional<GigablockId> pick(const GigablockIndex& index, const GigablockWanted& wanted) override;
};

/** The redesign of 2026-06-29: bitmaps over gigablocks, with the refinements that @tunables turn on. */
class BitmapSearch : public GigablockSearch {
 public:
  /** @tunables must outlive the search. */
  explicit BitmapSearch(const GigablockTunables& tunables) : tunables_(tunables) {}

 private:
  std::optional<GigablockId> pick(const GigablockIndex& index, const GigablockWanted& wanted) override;
  /** All refinements: the sets are kept combined. */
  std::optional<GigablockId> pick_combined(const GigablockIndex& index, const GigablockWanted& wanted);
  /** Sets are combined word by word at each pick. */
  std::optional<GigablockId> pick_scanning(const GigablockIndex& index, const GigablockWanted& wanted);
  std::optional<GigablockId> scan_order(const GigablockIndex& index, const GigablockWanted& wanted, Order order);
  std::optional<GigablockId> scan(const GigablockIndex& index, const GigablockWanted& wanted, Order order,
                                  std::optional<Fullness> only);
  bool hits(const GigablockIndex& index, GigablockId id, const GigablockWanted& wanted, Order order) const;

  const GigablockTunables& tunables_;
};

}  // namespace gbsim
