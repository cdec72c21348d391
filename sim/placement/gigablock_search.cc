// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/gigablock_search.h"

namespace gbsim {

namespace {

constexpr std::size_t kWordBits = 64;
/** Tainted is the union of two sets, and the orders are a third. */
constexpr std::uint64_t kOperands = 3;

bool reaches(std::uint32_t orders, Order least) { return orders >> least.value != 0; }
bool has_exactly(std::uint32_t orders, Order order) { return (orders >> order.value & 1U) != 0; }

std::uint32_t orders_of_any_type(const GigablockIndex& index, GigablockId id) {
  std::uint32_t orders = 0;
  for (std::size_t t = 0; t < kNrIndexedTypes; ++t) {
    orders |= index.orders(id, static_cast<Migratetype>(t));
  }
  return orders;
}

}  // namespace

/** The answer comes from the index; what the walk would have looked at before it is counted. */
std::optional<GigablockId> WalkSearch::pick(const GigablockIndex& index, const GigablockWanted& wanted) {
  const auto found = index.fullest_with(wanted.category, wanted.type, wanted.least, wanted.from);
  const std::size_t last = found ? static_cast<std::size_t>(index.fullness(*found)) : kNrFullness;
  for (auto bucket = static_cast<std::size_t>(wanted.from); bucket < last; ++bucket) {
    cost_.gigablocks_examined += index.nr_in(wanted.category, static_cast<Fullness>(bucket));
  }
  if (found) {
    cost_.gigablocks_examined += index.members(wanted.category, index.fullness(*found)).count_before(found->value) + 1;
  }
  return found;
}

std::optional<GigablockId> SteppingWalkSearch::pick(const GigablockIndex& index, const GigablockWanted& wanted) {
  std::optional<GigablockId> found;
  const auto look = [&](GigablockId id) {
    ++cost_.gigablocks_examined;
    found = reaches(index.orders(id, wanted.type), wanted.least) ? std::optional{id} : std::nullopt;
    return !found;
  };
  index.for_each(wanted.category, look, wanted.from);
  return found;
}

std::optional<GigablockId> BitmapSearch::pick(const GigablockIndex& index, const GigablockWanted& wanted) {
  const GigablockTunables& t = tunables_;
  const bool combined = t.bitmap_typed && t.bitmap_at_least && t.bitmap_fullness && t.bitmap_summary;
  return combined ? pick_combined(index, wanted) : pick_scanning(index, wanted);
}

std::optional<GigablockId> BitmapSearch::pick_combined(const GigablockIndex& index, const GigablockWanted& wanted) {
  const auto found = index.fullest_with(wanted.category, wanted.type, wanted.least, wanted.from);
  cost_.bitmap_words += found ? 2 : 1;  // which buckets have one, and the first of the fullest
  return found;
}

std::optional<GigablockId> BitmapSearch::pick_scanning(const GigablockIndex& index, const GigablockWanted& wanted) {
  if (tunables_.bitmap_at_least) {
    return scan_order(index, wanted, wanted.least);
  }
  for (Order order = wanted.least; order <= index.max_order(); ++order) {
    if (const auto found = scan_order(index, wanted, order)) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<GigablockId> BitmapSearch::scan_order(const GigablockIndex& index, const GigablockWanted& wanted,
                                                    Order order) {
  if (!tunables_.bitmap_fullness) {
    return scan(index, wanted, order, std::nullopt);
  }
  for (auto bucket = static_cast<std::size_t>(wanted.from); bucket < kNrFullness; ++bucket) {
    if (const auto found = scan(index, wanted, order, static_cast<Fullness>(bucket))) {
      return found;
    }
  }
  return std::nullopt;
}

/** Candidates by address; one whose block turns out to be on another type's list costs a look at its header. */
std::optional<GigablockId> BitmapSearch::scan(const GigablockIndex& index, const GigablockWanted& wanted, Order order,
                                              std::optional<Fullness> only) {
  for (std::uint32_t at = 0; at < index.size(); ++at) {
    cost_.bitmap_words += at % kWordBits == 0 ? kOperands : 0;
    const GigablockId id{at};
    const bool member = index.category(id) == wanted.category &&
                        (only ? index.fullness(id) == *only : index.fullness(id) >= wanted.from);
    if (!member || !hits(index, id, wanted, order)) {
      continue;
    }
    const std::uint32_t orders = index.orders(id, wanted.type);
    if (tunables_.bitmap_at_least ? reaches(orders, order) : has_exactly(orders, order)) {
      return id;
    }
    ++cost_.false_positives;
    ++cost_.gigablocks_examined;
  }
  return std::nullopt;
}

bool BitmapSearch::hits(const GigablockIndex& index, GigablockId id, const GigablockWanted& wanted, Order order) const {
  const std::uint32_t orders =
      tunables_.bitmap_typed ? index.orders(id, wanted.type) : orders_of_any_type(index, id);
  return tunables_.bitmap_at_least ? reaches(orders, order) : has_exactly(orders, order);
}

}  // namespace gbsim
