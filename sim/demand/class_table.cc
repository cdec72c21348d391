// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/class_table.h"

#include <algorithm>
#include <bit>

#include "sim/allocator/gfp.h"
#include "sim/recording/kernel_gfp.h"

namespace gbsim {

namespace {

/** Flags that decide what an allocation does when memory is short; the others matter little. */
constexpr std::uint32_t kBehaviour = Gfp::direct_reclaim | Gfp::kswapd_reclaim | Gfp::high | Gfp::noretry |
                                     Gfp::retry_mayfail | Gfp::nofail;
constexpr std::uint32_t kRelevant = kBehaviour | Gfp::io | Gfp::fs | Gfp::account | Gfp::nomemalloc | Gfp::nowarn;

/** Classes with less than this part of all pages and of all allocations join a larger one. */
constexpr double kMinor = 0.002;

// Anonymous memory is zeroed or a transparent huge page; a recording tells no more. What else moves is metadata.
std::string_view lru_of(const RecordedDemand& demand, std::size_t kind) {
  if (is_page_cache(demand.kinds[kind]) || moves_anyway(demand, kind)) {
    return kPageCacheList;
  }
  return is_anon(demand.kinds[kind]) ? kAnonList : "none";
}

ClassKey key_of(const RecordedDemand& demand, std::size_t number) {
  const DemandKind& kind = demand.kinds[number];
  return {kind.order, static_cast<Migratetype>(demand_type(kind.type)), nearest_shape(kind.gfp),
          lru_of(demand, number)};
}

/** The most frequent class of the same order and type. */
ClassKey largest_like(const ClassKey& key, const std::map<ClassKey, std::uint64_t>& counts) {
  ClassKey best = key;
  std::uint64_t most = 0;
  for (const auto& [other, count] : counts) {
    const bool is_like = other.order == key.order && other.type == key.type;
    best = is_like && count > most ? other : best;
    most = is_like ? std::max(most, count) : most;
  }
  return best;
}

}  // namespace

std::string_view nearest_shape(std::uint32_t bits) {
  constexpr int kWeight = 4;
  const std::uint32_t wanted = gfp_of_kernel(bits).bits();
  std::string_view best;
  int least = 0;
  for (const GfpShape& shape : kGfpShapes) {
    const std::uint32_t differs = (wanted ^ shape.gfp.bits()) & kRelevant;
    const int distance = kWeight * std::popcount(differs & kBehaviour) + std::popcount(differs & ~kBehaviour);
    if (best.empty() || distance < least) {
      best = shape.name;
      least = distance;
    }
  }
  return best;
}

std::string_view list_of_used(std::string_view lru) {
  return lru == kPageCacheList ? "active_file" : lru == kAnonList ? "active_anon" : lru;
}

ClassKey old_class_key(Order order, Migratetype type) {
  const bool is_movable = type == Migratetype::movable;
  return {order, type, is_movable ? "HIGHUSER_MOVABLE" : "KERNEL", is_movable ? kAnonList : "none"};
}

ClassTable::ClassTable(const RecordedDemand& demand) {
  std::map<ClassKey, std::uint64_t> counts;
  for (std::size_t kind = 0; kind < demand.kinds.size(); ++kind) {
    counts[key_of(demand, kind)] += demand.counts[kind];
  }
  std::uint64_t pages = 0;
  for (const auto& [key, count] : counts) {
    pages += count << key.order.value;
  }
  const auto is_minor = [&](const ClassKey& key) {
    const std::uint64_t count = counts[key];
    return static_cast<double>(count) < kMinor * static_cast<double>(demand.allocations.size()) &&
           static_cast<double>(count << key.order.value) < kMinor * static_cast<double>(pages);
  };
  for (std::size_t kind = 0; kind < demand.kinds.size(); ++kind) {
    const ClassKey key = key_of(demand, kind);
    class_of_kind_.push_back(number_of(is_minor(key) ? largest_like(key, counts) : key));
  }
}

std::uint16_t ClassTable::number_of(const ClassKey& key) {
  const auto found = std::ranges::find(keys_, key);
  const auto number = static_cast<std::uint16_t>(found - keys_.begin());
  if (found == keys_.end()) {
    keys_.push_back(key);
  }
  return number;
}

}  // namespace gbsim
