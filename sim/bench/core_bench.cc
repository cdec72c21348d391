// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/core_bench.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace gbsim {

namespace {

constexpr double kFull = 0.85;
constexpr std::uint64_t kOperations = 4'000'000;
constexpr std::size_t kRuns = 5;
/** Frees of one event: a process exits, a file is truncated. What it owned lies anywhere in memory. */
constexpr std::size_t kOwned = 64;

/**
 * The blocks of one owner, one after the other, with the cache lines that freeing them needs on their way: first the
 * page map of a block, then the list entries of the buddies it will merge with.
 */
class OwnedBlocks {
 public:
  explicit OwnedBlocks(CoreWorld& world)
      : OwnedBlocks(world, world.random().below(world.live().size() - kOwned)) {}
  OwnedBlocks(CoreWorld& world, std::size_t first) : world_(world), at_(first) {
    GBSIM_CHECK(first + kOwned <= world.live().size());
    for (std::size_t i = 0; i < kMapAhead; ++i) {
      world_.zone().prefetch(world_.live()[at_ + i]);
    }
  }
  PageIndex& next() {
    LiveBlocks& live = world_.live();
    const std::size_t last = live.size() - 1;
    world_.zone().prefetch(live[std::min(at_ + kMapAhead, last)]);
    world_.zone().prefetch_buddies(live[std::min(at_ + kBuddiesAhead, last)], world_.order());
    return live[at_++];
  }

 private:
  static constexpr std::size_t kMapAhead = 24;
  static constexpr std::size_t kBuddiesAhead = 8;

  CoreWorld& world_;
  std::size_t at_;
};

/** Each block is replaced before the next is freed. */
std::uint64_t direct(CoreWorld& world, std::uint64_t operations) {
  std::uint64_t done = 0;
  while (done < operations) {
    OwnedBlocks owned(world);
    for (std::size_t i = 0; i < kOwned; ++i) {
      PageIndex& block = owned.next();
      world.free_direct(block, world.order());
      block = world.alloc_direct(world.order(), Migratetype::movable);
    }
    done += 2 * kOwned;
  }
  return done;
}

/** Allocates a burst with @alloc and frees it, over and over: what the per-CPU list absorbs. */
template <class Alloc>
std::uint64_t bursts(CoreWorld& world, std::uint64_t operations, Alloc&& alloc) {
  std::array<PageIndex, 32> burst;
  const auto nr = std::max<std::size_t>(burst.size() >> world.order().value, 1);
  std::uint64_t done = 0;
  while (done < operations) {
    for (std::size_t i = 0; i < nr; ++i) {
      burst[i] = alloc();
    }
    for (std::size_t i = 0; i < nr; ++i) {
      world.free(burst[i], world.order());
    }
    done += 2 * nr;
  }
  return done;
}

std::uint64_t pcp_bursts(CoreWorld& world, std::uint64_t operations) {
  return bursts(world, operations, [&] { return world.alloc_pcp(world.order(), Migratetype::movable); });
}

std::uint64_t alloc_pages_bursts(CoreWorld& world, std::uint64_t operations) {
  return bursts(world, operations, [&] { return world.alloc(world.order(), gfp::kHighuserMovable); });
}

/** Batches of random blocks go and come through the per-CPU lists, which refill and drain all the time. */
std::uint64_t pcp_scattered(CoreWorld& world, std::uint64_t operations) {
  std::uint64_t done = 0;
  while (done < operations) {
    OwnedBlocks owned(world);
    for (std::size_t i = 0; i < kOwned; ++i) {
      PageIndex& block = owned.next();
      world.free(block, world.order());
      block = world.alloc_pcp(world.order(), Migratetype::movable);
    }
    done += 2 * kOwned;
  }
  return done;
}

void free_owned(CoreWorld& world, std::size_t first) {
  OwnedBlocks owned(world, first);
  for (std::size_t i = 0; i < kOwned; ++i) {
    world.free(owned.next(), world.order());
  }
}

void refill_owned(CoreWorld& world, std::size_t first) {
  for (std::size_t i = first; i < first + kOwned; ++i) {
    world.live()[i] = world.alloc_pcp(world.order(), Migratetype::movable);
  }
}

/** Many owners free all they have first, then allocate as much again, so that lists overflow both ways. */
std::uint64_t pcp_waves(CoreWorld& world, std::uint64_t operations) {
  constexpr std::size_t kOwners = 64;
  const std::size_t step = world.live().size() / kOwners;
  GBSIM_CHECK(step > kOwned);
  std::uint64_t done = 0;
  while (done < operations) {
    const std::size_t offset = world.random().below(step - kOwned);
    for (std::size_t owner = 0; owner < kOwners; ++owner) {
      free_owned(world, owner * step + offset);
    }
    for (std::size_t owner = 0; owner < kOwners; ++owner) {
      refill_owned(world, owner * step + offset);
    }
    done += 2 * kOwners * kOwned;
  }
  return done;
}

constexpr std::array kCoreBenchmarks{
    CoreBenchmark{"core/order0-direct", 0, direct},
    CoreBenchmark{"core/order0-pcp", 0, pcp_bursts},
    CoreBenchmark{"core/order0-pcp-random", 0, pcp_scattered},
    CoreBenchmark{"core/order0-pcp-waves", 0, pcp_waves},
    CoreBenchmark{"core/order0-alloc_pages", 0, alloc_pages_bursts},
    CoreBenchmark{"core/order3-direct", 3, direct},
    CoreBenchmark{"core/order3-pcp", 3, pcp_bursts},
    CoreBenchmark{"core/order9-direct", 9, direct},
    CoreBenchmark{"core/order9-pcp", 9, pcp_bursts},
};

}  // namespace

std::span<const CoreBenchmark> core_benchmarks() { return kCoreBenchmarks; }

BenchRow measure_core(const CoreBenchmark& benchmark, std::uint64_t memory_bytes) {
  CoreWorld world(memory_bytes, Order{benchmark.order}, kFull);
  std::array<double, kRuns> ns{};
  benchmark.run(world, kOperations);
  for (double& each : ns) {
    const auto before = std::chrono::steady_clock::now();
    const std::uint64_t done = benchmark.run(world, kOperations);
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - before;
    each = spent.count() / static_cast<double>(done);
  }
  std::ranges::sort(ns);
  const double median = ns[kRuns / 2];
  return BenchRow{std::string(benchmark.name), memory_bytes,
                  median,                      1e9 / median,
                  world.metadata_bytes_per_page(), world.total_bytes_per_page()};
}

}  // namespace gbsim
