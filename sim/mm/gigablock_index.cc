// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/gigablock_index.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "sim/base/check.h"

namespace gbsim {

namespace {

void step(std::uint32_t& count, bool before, bool after) {
  count += static_cast<std::uint32_t>(after) - static_cast<std::uint32_t>(before);
}

}  // namespace

GigablockCategory GigablockCounts::category() const {
  if (isolated) {
    return GigablockCategory::isolated;
  }
  if (unmovable + reclaimable + reserved != 0) {
    return GigablockCategory::tainted;
  }
  return free == pageblocks ? GigablockCategory::empty : GigablockCategory::clean;
}

GigablockIndex::GigablockIndex(std::size_t nr_gigablocks, Order max_order, const GigablockListing& rules)
    : nr_orders_(max_order.value + 1U),
      rules_(rules),
      blocks_(nr_gigablocks),
      members_(kNrGigablockCategories * kNrFullness, SummaryBitmap(nr_gigablocks)),
      filed_(kNrGigablockCategories * kNrFullness, 0),
      sets_(kNrGigablockCategories * kNrIndexedTypes * nr_orders_ * kNrFullness, SummaryBitmap(nr_gigablocks)),
      with_(kNrGigablockCategories * kNrIndexedTypes * nr_orders_, 0),
      with_order_(nr_orders_, SummaryBitmap(nr_gigablocks)),
      holding_{SummaryBitmap(nr_gigablocks), SummaryBitmap(nr_gigablocks)},
      nr_free_(nr_orders_) {
  for (std::uint32_t i = 0; i < nr_gigablocks; ++i) {
    file(GigablockId{i}, filing_of(GigablockId{i}));
  }
}

std::uint32_t GigablockIndex::reserve(GigablockId id) const {
  const double share = std::ceil(blocks_[id.value].counts.pageblocks * rules_.reserve_share);
  return std::max(static_cast<std::uint32_t>(share), rules_.reserve_min);
}

std::size_t GigablockIndex::nr_in(GigablockCategory category) const {
  const auto first = filed_.begin() + static_cast<std::ptrdiff_t>(row(category, Fullness::full));
  return std::accumulate(first, first + kNrFullness, std::size_t{0});
}

bool GigablockIndex::any_with(Migratetype type, Order least) const {
  if (type == Migratetype::isolate) {
    return std::any_of(nr_free_.begin() + least.value, nr_free_.end(),
                       [&](const auto& row) { return row[gbsim::index(type)] != 0; });
  }
  for (std::size_t c = 0; c < kNrGigablockCategories; ++c) {
    if (with_[set_of(static_cast<GigablockCategory>(c), type, least)] != 0) {
      return true;
    }
  }
  return false;
}

GigablockIndex::Filing GigablockIndex::filing_of(GigablockId id) const {
  const GigablockCounts& counts = blocks_[id.value].counts;
  const GigablockCategory category = counts.category();
  const std::uint32_t used = counts.pageblocks - counts.free;
  if (counts.free == 0) {
    return {category, Fullness::full};
  }
  if (counts.free <= reserve(id)) {
    return {category, Fullness::scarce};
  }
  const auto at_least = [&](double part) { return used >= counts.pageblocks * part; };
  if (at_least(rules_.mostly_used)) {
    return {category, Fullness::mostly_used};
  }
  return {category, at_least(rules_.half_used) ? Fullness::half_used : Fullness::mostly_free};
}

void GigablockIndex::flip(SummaryBitmap& bitmap, std::size_t bit, bool value, std::uint64_t& flips) {
  value ? bitmap.set(bit) : bitmap.clear(bit);
  ++flips;
}

void GigablockIndex::put_in_sets(GigablockId id, Migratetype type, unsigned from_order, unsigned until_order, bool in) {
  const Filing& filed = blocks_[id.value].filed;
  const auto bucket = static_cast<std::size_t>(filed.fullness);
  for (unsigned order = from_order; order < until_order; ++order) {
    const std::size_t set = set_of(filed.category, type, Order{order});
    SummaryBitmap& bitmap = sets_[set * kNrFullness + bucket];
    flip(bitmap, id.value, in, changes_.set_flips);
    const auto mark = static_cast<std::uint8_t>(1U << bucket);
    with_[set] = static_cast<std::uint8_t>(bitmap.any() ? with_[set] | mark : with_[set] & ~mark);
  }
}

void GigablockIndex::file(GigablockId id, Filing filing) {
  Gigablock& block = blocks_[id.value];
  block.filed = filing;
  const std::size_t at = row(filing.category, filing.fullness);
  members_[at].set(id.value);
  ++filed_[at];
  for (std::size_t t = 0; t < kNrIndexedTypes; ++t) {
    put_in_sets(id, static_cast<Migratetype>(t), 0, static_cast<unsigned>(std::bit_width(block.orders[t])), true);
  }
}

void GigablockIndex::unfile(GigablockId id) {
  Gigablock& block = blocks_[id.value];
  for (std::size_t t = 0; t < kNrIndexedTypes; ++t) {
    put_in_sets(id, static_cast<Migratetype>(t), 0, static_cast<unsigned>(std::bit_width(block.orders[t])), false);
  }
  const std::size_t at = row(block.filed.category, block.filed.fullness);
  members_[at].clear(id.value);
  --filed_[at];
}

void GigablockIndex::note_taint(Filing before, Filing after) {
  const bool was = before.category == GigablockCategory::tainted;
  const bool is = after.category == GigablockCategory::tainted;
  changes_.became_tainted += !was && is ? 1 : 0;
  changes_.became_clean += was && !is ? 1 : 0;
}

bool GigablockIndex::end_update(GigablockId id) {
  const Filing before = blocks_[id.value].filed;
  const Filing after = filing_of(id);
  if (before == after) {
    return false;
  }
  note_taint(before, after);
  unfile(id);
  file(id, after);
  return true;
}

void GigablockIndex::add_pageblock(GigablockId id, bool has_reserved) {
  GigablockCounts& counts = blocks_[id.value].counts;
  ++counts.pageblocks;
  counts.reserved += has_reserved ? 1 : 0;
  const Filing after = filing_of(id);
  unfile(id);
  file(id, after);
}

bool GigablockIndex::pageblock_changed(GigablockId id, PageblockContents before, PageblockContents after,
                                       std::int64_t free_pages) {
  GigablockCounts& counts = blocks_[id.value].counts;
  counts.free_pages += static_cast<std::uint64_t>(free_pages);
  if (before == after) {
    return false;
  }
  step(counts.free, before.free, after.free);
  step(counts.unmovable, before.unmovable, after.unmovable);
  step(counts.reclaimable, before.reclaimable, after.reclaimable);
  step(counts.movable, before.movable, after.movable);
  if (holding_[0].test(id.value) != (counts.unmovable != 0)) {
    flip(holding_[0], id.value, counts.unmovable != 0, changes_.order_flips);
  }
  if (holding_[1].test(id.value) != (counts.reclaimable != 0)) {
    flip(holding_[1], id.value, counts.reclaimable != 0, changes_.order_flips);
  }
  return end_update(id);
}

void GigablockIndex::list_changed(GigablockId id, Order order, Migratetype type, bool joined, std::uint32_t orders) {
  std::uint64_t& listed = nr_free_[order.value][gbsim::index(type)];
  joined ? ++listed : --listed;
  if (type == Migratetype::isolate) {
    return;
  }
  Gigablock& block = blocks_[id.value];
  const std::uint32_t before = std::exchange(block.orders[gbsim::index(type)], orders);
  if (before == orders) {
    return;
  }
  const auto had = static_cast<unsigned>(std::bit_width(before));
  const auto has = static_cast<unsigned>(std::bit_width(orders));
  put_in_sets(id, type, std::min(had, has), std::max(had, has), has > had);
  const auto has_order = [&](std::uint32_t mask) { return (mask >> order.value & 1U) != 0; };
  const bool any = std::ranges::any_of(block.orders, has_order);
  if (with_order_[order.value].test(id.value) != any) {
    flip(with_order_[order.value], id.value, any, changes_.order_flips);
  }
}

void GigablockIndex::set_isolated(GigablockId id, bool isolated) {
  blocks_[id.value].counts.isolated = isolated;
  end_update(id);
}

std::size_t GigablockIndex::first_difference(const GigablockIndex& other) const {
  return static_cast<std::size_t>(std::ranges::mismatch(blocks_, other.blocks_).in1 - blocks_.begin());
}

bool GigablockIndex::same_sets(const GigablockIndex& other) const {
  return members_ == other.members_ && filed_ == other.filed_ && sets_ == other.sets_ && with_ == other.with_ &&
         with_order_ == other.with_order_ && holding_ == other.holding_ && nr_free_ == other.nr_free_;
}

std::uint64_t GigablockIndex::metadata_bytes() const {
  const std::uint64_t words = (blocks_.size() + 63) / 64;
  return sizeof(*this) + blocks_.size() * sizeof(Gigablock) +
         (members_.size() + sets_.size() + with_order_.size() + holding_.size()) * words * sizeof(std::uint64_t);
}

}  // namespace gbsim
