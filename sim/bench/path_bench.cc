// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/path_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <ranges>
#include <utility>

namespace gbsim {

namespace {

constexpr std::array<std::string_view, 2> kStates{"fresh", "aged"};
constexpr std::size_t kRounds = 15;
constexpr std::uint64_t kRoundOperations = 60'000;
constexpr std::uint64_t kRoundBlocksOfMost = 3'000;  // of the largest order, whose operations touch most

constexpr std::array kVariants{
    PathVariant{"linux", PlacementKind::linux, PcpKind::linux},
    PathVariant{"walk", PlacementKind::gigablock_walk, PcpKind::linux},
    PathVariant{"bitmap", PlacementKind::gigablock_bitmap, PcpKind::linux},
    PathVariant{"linux-pcpbuddy", PlacementKind::linux, PcpKind::pcpbuddy},
    PathVariant{"walk-pcpbuddy", PlacementKind::gigablock_walk, PcpKind::pcpbuddy},
    PathVariant{"bitmap-pcpbuddy", PlacementKind::gigablock_bitmap, PcpKind::pcpbuddy},
    PathVariant{"linux-none", PlacementKind::linux, PcpKind::none},
    PathVariant{"walk-none", PlacementKind::gigablock_walk, PcpKind::none},
    PathVariant{"bitmap-none", PlacementKind::gigablock_bitmap, PcpKind::none},
};

double round_ns(PathWorld& world, std::size_t order) {
  const std::uint64_t goal = kPathOrders[order] < Order{9} ? kRoundOperations : kRoundBlocksOfMost;
  const auto before = std::chrono::steady_clock::now();
  std::uint64_t done = 0;
  while (done < goal) {
    done += world.burst(order);
  }
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - before;
  return spent.count() / static_cast<double>(done);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

double median_ratio(const std::vector<double>& ns, const std::vector<double>& measure) {
  std::vector<double> ratios(ns.size());
  std::ranges::transform(ns, measure, ratios.begin(), [](double one, double other) { return one / other; });
  return median(std::move(ratios));
}

/** Variants side by side on memory of one size and state. */
class PathComparison {
 public:
  PathComparison(std::uint64_t memory_bytes, PathState state, const PathRowFilter& wanted)
      : memory_bytes_(memory_bytes), state_(state), wanted_(wanted) {}

  /** False if no row is wanted. Linux takes part in any case: it is the measure of the others. */
  bool enter_contenders() {
    for (const PathVariant& variant : kVariants) {
      if (wants_any(variant) || &variant == kVariants.begin()) {
        contenders_.push_back({&variant, nullptr, {}});
      }
    }
    const bool any = std::ranges::any_of(contenders_, [&](const Contender& one) { return wants_any(*one.variant); });
    for (Contender& one : contenders_) {
      one.world = any ? std::make_unique<PathWorld>(*one.variant, memory_bytes_, state_) : nullptr;
    }
    return any;
  }

  void measure(std::size_t order, std::vector<BenchRow>& rows) {
    const auto is_wanted = [&](const Contender& one) { return wants(*one.variant, order); };
    if (std::ranges::none_of(contenders_, is_wanted)) {
      return;
    }
    run_rounds(order);
    for (const Contender& one : contenders_ | std::views::filter(is_wanted)) {
      rows.push_back(row_of(one, order));
    }
  }

 private:
  struct Contender {
    const PathVariant* variant;
    std::unique_ptr<PathWorld> world;
    std::vector<double> ns;  // by round
  };

  bool wants(const PathVariant& variant, std::size_t order) const {
    return wanted_(path_name(variant, memory_bytes_, state_, order));
  }
  bool wants_any(const PathVariant& variant) const {
    return std::ranges::any_of(std::views::iota(std::size_t{0}, kPathOrders.size()),
                               [&](std::size_t order) { return wants(variant, order); });
  }

  /** Variants take turns, each round in another order; the first round warms caches and is not counted. */
  void run_rounds(std::size_t order) {
    for (Contender& one : contenders_) {
      one.ns.clear();
    }
    const std::size_t turns = contenders_.size();
    for (std::size_t turn = 0; turn < (kRounds + 1) * turns; ++turn) {
      Contender& one = contenders_[(turn / turns + turn) % turns];
      one.ns.push_back(round_ns(*one.world, order));
    }
    for (Contender& one : contenders_) {
      one.ns.erase(one.ns.begin());
    }
  }

  BenchRow row_of(const Contender& one, std::size_t order) const {
    const double ns = median(one.ns);
    return {.name = path_name(*one.variant, memory_bytes_, state_, order),
            .memory_bytes = memory_bytes_,
            .ns_per_operation = ns,
            .operations_per_second = 1e9 / ns,
            .metadata_bytes_per_page = one.world->metadata_bytes_per_page(),
            .ratio_to_linux = median_ratio(one.ns, contenders_.front().ns)};
  }

  std::uint64_t memory_bytes_;
  PathState state_;
  const PathRowFilter& wanted_;
  std::vector<Contender> contenders_;
};

}  // namespace

std::span<const PathVariant> path_variants() { return kVariants; }

std::string path_name(const PathVariant& variant, std::uint64_t memory_bytes, PathState state, std::size_t order) {
  const std::string_view age = kStates[static_cast<std::size_t>(state)];
  return fmt::format("path/{}/{}/{}/order{}", variant.name, memory_bytes >> 30, age, kPathOrders[order].value);
}

std::vector<BenchRow> measure_path(std::uint64_t memory_bytes, PathState state, const PathRowFilter& wanted) {
  std::vector<BenchRow> rows;
  PathComparison comparison(memory_bytes, state, wanted);
  if (comparison.enter_contenders()) {
    for (std::size_t order = 0; order < kPathOrders.size(); ++order) {
      comparison.measure(order, rows);
    }
  }
  return rows;
}

}  // namespace gbsim
