// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/pick_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <vector>

#include "sim/base/random.h"
#include "sim/mm/gigablock_index.h"

namespace gbsim {

namespace {

constexpr std::array<std::string_view, 3> kMethods{"walk", "bitmap-proposed", "bitmap-refined"};
constexpr std::array<std::string_view, 3> kStates{"fresh", "aged", "adversarial"};
constexpr std::array<std::uint32_t, 4> kSizes{238, 1024, 4096, 16384};
constexpr unsigned kPageblocks = 8;  // of each gigablock here: their number does not matter to a pick
constexpr std::size_t kRuns = 9;
constexpr std::size_t kLineWords = 8;
constexpr Order kTop{10};
constexpr auto kMovable = Migratetype::movable;

bool has_room(PickState state, std::uint32_t at, std::uint32_t gigablocks, RandomStream& random) {
  switch (state) {
    case PickState::fresh:
      return true;
    case PickState::aged:
      return random.chance(0.05) || at + 1 == gigablocks;
    default:
      return at + 1 == gigablocks;
  }
}

/** Clean gigablocks, each with one page in use at least; those with room have a free page and a free block. */
GigablockIndex index_of(const PickBenchmark& benchmark) {
  GigablockIndex index(benchmark.gigablocks, kTop, GigablockListing{true, 0.03, 1});
  RandomStream random(1, "bench pick");
  for (std::uint32_t at = 0; at < benchmark.gigablocks; ++at) {
    const GigablockId id{at};
    for (unsigned i = 0; i < kPageblocks; ++i) {
      index.add_pageblock(id, false);
      index.pageblock_changed(id, {}, {.movable = true}, 0);
    }
    if (has_room(benchmark.state, at, benchmark.gigablocks, random)) {
      index.list_changed(id, Order{0}, kMovable, true, 1U);
    }
  }
  return index;
}

/** Flat bitmaps, combined at each pick: one an order, and one for what gigablocks hold. */
struct FlatBitmaps {
  std::array<std::vector<std::uint64_t>, kTop.value + 1> with_order;
  std::vector<std::uint64_t> tainted;

  explicit FlatBitmaps(const GigablockIndex& index) : tainted((index.size() + 63) / 64) {
    for (unsigned order = 0; order < with_order.size(); ++order) {
      with_order[order].resize(tainted.size());
      for (std::size_t at = 0; at < index.size(); ++at) {
        const bool has = index.with_order(Order{order}).test(at);
        with_order[order][at / 64] |= std::uint64_t{has ? 1U : 0U} << (at % 64);
      }
    }
  }
};

/** Where a pick ends, and the cache lines it read. */
struct Picked {
  std::size_t gigablock = 0;
  std::size_t lines = 0;
};

Picked walk(const GigablockIndex& index) {
  Picked picked;
  index.for_each(GigablockCategory::clean, [&](GigablockId id) {
    ++picked.lines;
    picked.gigablock = id.value;
    return index.orders(id, kMovable) == 0;
  });
  return picked;
}

/** The first gigablock in @order and not in @tainted; false if there is none. Counts the lines of both. */
bool scan(const std::vector<std::uint64_t>& order, const std::vector<std::uint64_t>& tainted, Picked& picked) {
  for (std::size_t word = 0; word < order.size(); ++word) {
    picked.lines += word % kLineWords == 0 ? 2 : 0;
    if (const std::uint64_t both = order[word] & ~tainted[word]; both != 0) {
      picked.gigablock = word * 64 + static_cast<std::size_t>(std::countr_zero(both));
      return true;
    }
  }
  return false;
}

Picked proposed(const FlatBitmaps& bitmaps) {
  Picked picked;
  std::ranges::any_of(bitmaps.with_order, [&](const auto& order) { return scan(order, bitmaps.tainted, picked); });
  return picked;
}

Picked refined(const GigablockIndex& index) {
  const auto id = index.fullest_with(GigablockCategory::clean, kMovable, Order{0});
  return {id->value, 2};
}

/** Keeps the compiler from finding out that the index does not change between picks. */
void forget() { asm volatile("" ::: "memory"); }

template <class Pick>
double median_ns(Pick&& pick, std::size_t picks) {
  std::array<double, kRuns> ns{};
  for (double& each : ns) {
    const auto before = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < picks; ++i) {
      forget();
      [[maybe_unused]] volatile std::size_t found = pick().gigablock;
    }
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - before;
    each = spent.count() / static_cast<double>(picks);
  }
  std::ranges::sort(ns);
  return ns[kRuns / 2];
}

template <class Pick>
BenchRow row_of(const PickBenchmark& benchmark, Pick&& pick) {
  const Picked once = pick();
  const double ns = median_ns(pick, std::clamp<std::size_t>(4'000'000 / once.lines, 200, 1'000'000));
  return BenchRow{.name = benchmark.name(),
                  .memory_bytes = std::uint64_t{benchmark.gigablocks} << 30,
                  .ns_per_operation = ns,
                  .operations_per_second = 1e9 / ns,
                  .lines_per_operation = static_cast<double>(once.lines)};
}

using PickBenchmarks = std::array<PickBenchmark, kMethods.size() * kSizes.size() * kStates.size()>;

constexpr PickBenchmarks all_picks() {
  PickBenchmarks all{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = {static_cast<PickMethod>(i / (kSizes.size() * kStates.size())),
              kSizes[i / kStates.size() % kSizes.size()], static_cast<PickState>(i % kStates.size())};
  }
  return all;
}

constexpr PickBenchmarks kPickBenchmarks = all_picks();

}  // namespace

std::string PickBenchmark::name() const {
  return fmt::format("pick/{}/{}/{}", kMethods[static_cast<std::size_t>(method)], gigablocks,
                     kStates[static_cast<std::size_t>(state)]);
}

std::span<const PickBenchmark> pick_benchmarks() { return kPickBenchmarks; }

BenchRow measure_pick(const PickBenchmark& benchmark) {
  const GigablockIndex index = index_of(benchmark);
  switch (benchmark.method) {
    case PickMethod::walk:
      return row_of(benchmark, [&] { return walk(index); });
    case PickMethod::bitmap_proposed:
      return row_of(benchmark, [&, bitmaps = FlatBitmaps(index)] { return proposed(bitmaps); });
    default:
      return row_of(benchmark, [&] { return refined(index); });
  }
}

}  // namespace gbsim
