// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/core_bench.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "sim/base/prefetch.h"

namespace gbsim {

namespace {

constexpr double kFull = 0.85;
constexpr std::uint64_t kOperations = 4'000'000;
constexpr std::size_t kRuns = 5;
/** Frees of one event: a process exit, a truncated file, a batch of completed packets. */
constexpr std::size_t kBatch = 64;

using Picks = std::array<std::size_t, kBatch>;

/** Random live blocks, with the cache lines that freeing them needs on their way. */
Picks pick_and_prefetch(CoreWorld& world) {
  Picks picks;
  LiveBlocks& live = world.live();
  for (std::size_t& pick : picks) {
    pick = world.random().below(live.size());
    prefetch_line(&live[pick]);
  }
  for (const std::size_t pick : picks) {
    world.zone().prefetch(live[pick]);
  }
  return picks;
}

/** A pick may repeat, so each block is replaced before the next is freed. */
std::uint64_t direct(CoreWorld& world, std::uint64_t operations) {
  std::uint64_t done = 0;
  while (done < operations) {
    for (const std::size_t pick : pick_and_prefetch(world)) {
      world.free_direct(world.live()[pick], world.order());
      world.live()[pick] = world.alloc_direct(world.order(), Migratetype::movable);
    }
    done += 2 * kBatch;
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
    const Picks picks = pick_and_prefetch(world);
    for (std::size_t i = 0; i < kBatch; ++i) {
      const std::size_t pick = picks[i];
      world.free(world.live()[pick], world.order());
      world.live()[pick] = world.alloc_pcp(world.order(), Migratetype::movable);
    }
    done += 2 * kBatch;
  }
  return done;
}

/** Frees one batch of random blocks, which leave the live set. */
void free_batch(CoreWorld& world) {
  LiveBlocks& live = world.live();
  for (std::size_t pick : pick_and_prefetch(world)) {
    pick = std::min(pick, live.size() - 1);
    std::swap(live[pick], live.back());
    world.free(live.back(), world.order());
    live.pop_back();
  }
}

/** Frees of many batches first, then as many allocations, so that lists overflow both ways. */
std::uint64_t pcp_waves(CoreWorld& world, std::uint64_t operations) {
  constexpr std::size_t kBatches = 256;
  std::uint64_t done = 0;
  while (done < operations) {
    for (std::size_t batch = 0; batch < kBatches; ++batch) {
      free_batch(world);
    }
    for (std::size_t i = 0; i < kBatches * kBatch; ++i) {
      world.live().push_back(world.alloc_pcp(world.order(), Migratetype::movable));
    }
    done += 2 * kBatches * kBatch;
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
