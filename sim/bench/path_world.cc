// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/path_world.h"

#include <algorithm>
#include <utility>

#include "sim/placement/gigablock.h"

namespace gbsim {

namespace {

constexpr std::uint64_t kBurstPages = 256;
constexpr std::uint64_t kLeastBurst = 4;
constexpr std::uint64_t kFreshPages = 1U << 15;  // in use of each order: 128 MiB
constexpr double kAgedUse = 0.90;
constexpr double kChurn = 0.30;
constexpr int kRounds = 2;

/** What memory is filled with: blocks of some order, this part of all blocks. */
struct Filling {
  unsigned order;
  Migratetype type;
  double weight;
};

/** By pages: three tenths huge pages, half large folios of the page cache, the rest small and of all types. */
constexpr std::array kFillings{
    Filling{9, Migratetype::movable, 0.004},     Filling{4, Migratetype::movable, 0.22},
    Filling{0, Migratetype::movable, 0.55},      Filling{0, Migratetype::unmovable, 0.10},
    Filling{0, Migratetype::reclaimable, 0.066}, Filling{3, Migratetype::unmovable, 0.03},
    Filling{3, Migratetype::reclaimable, 0.03},
};

Tunables tunables_of(const PathVariant& variant) {
  Tunables tunables;
  tunables.placement = variant.placement;
  tunables.pcp = variant.pcp;
  return tunables;
}

std::unique_ptr<PlacementPolicy> placement_of(const PathVariant& variant, const Tunables& tunables) {
  if (variant.placement == PlacementKind::gigablock_walk) {
    return std::make_unique<GigablockPlacement>(variant.name, tunables, std::make_unique<SteppingWalkSearch>());
  }
  return make_placement(tunables);
}

Gfp gfp_of(Migratetype type) {
  switch (type) {
    case Migratetype::movable:
      return gfp::kHighuserMovable;
    case Migratetype::reclaimable:
      return gfp::kKernel.with(Gfp::reclaimable);
    default:
      return gfp::kKernel;
  }
}

}  // namespace

PathWorld::PathWorld(const PathVariant& variant, std::uint64_t memory_bytes, PathState state)
    : tunables_(tunables_of(variant)),
      memory_({one_zone(memory_bytes)}, kCpus, tunables_, clock_, costs_),
      allocator_(memory_, relief_, placement_of(variant, tunables_)),
      random_(1, "bench path") {
  for (const Order order : kPathOrders) {
    live_.push_back({order});
  }
  live_.push_back({Order{4}});
  if (state == PathState::aged) {
    for (int round = 0; round < kRounds; ++round) {
      fill(kAgedUse);
      free_at_random(kChurn);
    }
    fill(kAgedUse);
  }
  for (std::size_t i = 0; i < kPathOrders.size(); ++i) {
    const Migratetype others = kPathOrders[i] < Order{9} ? Migratetype::unmovable : Migratetype::movable;
    for (std::uint64_t n = 0; n < kFreshPages >> kPathOrders[i].value; ++n) {
      allocate(live_[i], n % 4 == 0 ? others : Migratetype::movable, CpuId{});
    }
  }
}

double PathWorld::used() const {
  const Zone& zone = memory_.zone(0);
  return 1.0 - static_cast<double>(zone.free_pages_exact().value) / static_cast<double>(zone.managed().value);
}

bool PathWorld::allocate(Live& live, Migratetype type, CpuId cpu) {
  const auto pfn = allocator_.alloc_pages(PageRequest{live.order, gfp_of(type), cpu, NodeId{}});
  if (pfn) {
    live.blocks.push_back({*pfn, type});
  }
  return pfn.has_value();
}

void PathWorld::fill(double share) {
  constexpr int kStride = 1024;
  while (used() < share) {
    for (int i = 0; i < kStride; ++i) {
      double draw = random_.uniform();
      const auto* kind = std::ranges::find_if(kFillings, [&](const Filling& row) { return (draw -= row.weight) < 0; });
      kind = kind == kFillings.end() ? kFillings.begin() : kind;
      const auto live = std::ranges::find(live_, Order{kind->order}, &Live::order);
      allocate(*live, kind->type, CpuId{i % kCpus});
    }
  }
}

void PathWorld::free_at_random(double share) {
  for (Live& live : live_) {
    for (std::size_t n = live.blocks.size(); n > 0; --n) {
      free_one(live, share);
    }
  }
}

/** A random block, with the given chance. */
void PathWorld::free_one(Live& live, double chance) {
  if (random_.chance(chance)) {
    const std::size_t at = random_.below(live.blocks.size());
    allocator_.free_pages(live.blocks[at].pfn, live.order, CpuId{at % kCpus});
    live.blocks[at] = live.blocks.back();
    live.blocks.pop_back();
  }
}

std::uint64_t PathWorld::burst(std::size_t order) {
  Live& live = live_[order];
  const std::uint64_t blocks = std::max(kBurstPages >> live.order.value, kLeastBurst);
  const CpuId taker{bursts_ % 2};
  const CpuId giver{2 + bursts_ % 2};
  ++bursts_;
  std::array<Migratetype, kBurstPages> types{};
  for (std::uint64_t i = 0; i < blocks; ++i) {
    Block& gone = live.blocks[random_.below(live.blocks.size())];
    types[i] = gone.type;
    allocator_.free_pages(gone.pfn, live.order, giver);
    gone = live.blocks.back();
    live.blocks.pop_back();
  }
  for (std::uint64_t i = 0; i < blocks; ++i) {
    allocate(live, types[i], taker);
  }
  return 2 * blocks;
}

double PathWorld::metadata_bytes_per_page() const {
  return static_cast<double>(memory_.metadata_bytes()) / static_cast<double>(memory_.managed().value);
}

}  // namespace gbsim
