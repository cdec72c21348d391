// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/core_bench.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace gbsim {

namespace {

constexpr double kFull = 0.85;
constexpr std::uint64_t kOperations = 4'000'000;
constexpr std::size_t kRuns = 5;
/** Frees of one event: a process exits, a file is truncated. What it owned lies anywhere in memory. */
constexpr std::size_t kOwned = 64;

/** Owners anywhere in the table of live blocks. */
class RandomOwners {
 public:
  explicit RandomOwners(CoreWorld& world) : world_(world) {}
  std::size_t next() { return world_.random().below(world_.live().size() - kOwned); }

 private:
  CoreWorld& world_;
};

/** The same, spread so that a round of kOwners has no block twice. */
class DisjointOwners {
 public:
  static constexpr std::size_t kOwners = 64;

  explicit DisjointOwners(CoreWorld& world) : world_(world), step_(world.live().size() / kOwners) {
    GBSIM_CHECK(step_ > kOwned);
  }
  std::size_t next() {
    offset_ = owner_ == 0 ? world_.random().below(step_ - kOwned) : offset_;
    return std::exchange(owner_, (owner_ + 1) % kOwners) * step_ + offset_;
  }

 private:
  CoreWorld& world_;
  std::size_t step_;
  std::size_t owner_ = 0;
  std::size_t offset_ = 0;
};

/**
 * The blocks that one owner after the other frees. As in a queue of events, who comes next is known beforehand, so the
 * cache lines that a free needs are on their way: the page map of the block, then the lists of its free buddies.
 */
template <class Owners>
class FreeStream {
 public:
  explicit FreeStream(CoreWorld& world) : world_(world), owners_(world), owner_(choose()), next_(choose()) {}

  PageIndex& next() {
    world_.zone().prefetch(ahead(kMapAhead));
    world_.zone().prefetch_buddies(ahead(kBuddiesAhead), world_.order());
    PageIndex& block = world_.live()[owner_ + at_];
    if (++at_ == kOwned) {
      owner_ = std::exchange(next_, choose());
      at_ = 0;
    }
    return block;
  }

 private:
  static constexpr std::size_t kMapAhead = 24;
  static constexpr std::size_t kBuddiesAhead = 8;

  std::size_t choose() {
    const std::size_t first = owners_.next();
    world_.live().prefetch(first, kOwned);
    return first;
  }
  PageIndex ahead(std::size_t blocks) const {
    const std::size_t at = at_ + blocks;
    return world_.live()[at < kOwned ? owner_ + at : next_ + at - kOwned];
  }

  CoreWorld& world_;
  Owners owners_;
  std::size_t owner_;
  std::size_t next_;
  std::size_t at_ = 0;
};

/** Each block is replaced before the next is freed. */
std::uint64_t direct(CoreWorld& world, std::uint64_t operations) {
  FreeStream<RandomOwners> stream(world);
  for (std::uint64_t done = 0; done < operations; done += 2) {
    PageIndex& block = stream.next();
    world.free_direct(block, world.order());
    block = world.alloc_direct(world.order(), Migratetype::movable);
  }
  return operations;
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

/** The same through the per-CPU lists: what is freed is what is allocated next. */
std::uint64_t pcp_scattered(CoreWorld& world, std::uint64_t operations) {
  FreeStream<RandomOwners> stream(world);
  for (std::uint64_t done = 0; done < operations; done += 2) {
    PageIndex& block = stream.next();
    world.free(block, world.order());
    block = world.alloc_pcp(world.order(), Migratetype::movable);
  }
  return operations;
}

/** Many owners free all they have first, then allocate as much again, so that lists overflow both ways. */
std::uint64_t pcp_waves(CoreWorld& world, std::uint64_t operations) {
  FreeStream<DisjointOwners> stream(world);
  std::array<PageIndex*, DisjointOwners::kOwners * kOwned> wave;
  std::uint64_t done = 0;
  for (; done < operations; done += 2 * wave.size()) {
    for (PageIndex*& block : wave) {
      block = &stream.next();
      world.free(*block, world.order());
    }
    for (PageIndex* block : wave) {
      *block = world.alloc_pcp(world.order(), Migratetype::movable);
    }
  }
  return done;
}

constexpr std::string_view kReplace = "a random block freed, one allocated; straight from and to the free lists";
constexpr std::string_view kBurst = "a burst of 32 pages allocated, then freed; per-CPU list hot";
constexpr std::string_view kReplacePcp = "a random block freed, one allocated; per-CPU list absorbs";
constexpr std::string_view kWaves = "4096 random blocks freed, as many allocated; per-CPU list drained and refilled";
constexpr std::string_view kWhole = "the same burst through alloc_pages(): flags, watermarks, zonelist, statistics";

constexpr std::array kCoreBenchmarks{
    CoreBenchmark{"core/order0-direct", 0, kReplace, direct},
    CoreBenchmark{"core/order0-pcp", 0, kBurst, pcp_bursts},
    CoreBenchmark{"core/order0-pcp-random", 0, kReplacePcp, pcp_scattered},
    CoreBenchmark{"core/order0-pcp-waves", 0, kWaves, pcp_waves},
    CoreBenchmark{"core/order0-alloc_pages", 0, kWhole, alloc_pages_bursts},
    CoreBenchmark{"core/order3-direct", 3, kReplace, direct},
    CoreBenchmark{"core/order3-pcp", 3, kBurst, pcp_bursts},
    CoreBenchmark{"core/order9-direct", 9, kReplace, direct},
    CoreBenchmark{"core/order9-pcp", 9, kBurst, pcp_bursts},
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
