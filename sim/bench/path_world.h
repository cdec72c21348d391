// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/allocator/idle_relief.h"
#include "sim/allocator/page_allocator.h"
#include "sim/base/random.h"
#include "sim/bench/core_world.h"

namespace gbsim {

/** A placement with one kind of per-CPU lists. */
struct PathVariant {
  std::string_view name;
  PlacementKind placement;
  PcpKind pcp;
};

/** Fresh: almost all memory free. Aged: nine tenths in use, of all types and orders, after two rounds of churn. */
enum class PathState : std::uint8_t { fresh, aged };

/** What rows are measured at. */
inline constexpr std::array<Order, 3> kPathOrders{Order{0}, Order{3}, Order{9}};

/** One zone under one variant, with blocks in use that bursts replace. The walk is carried out, not counted. */
class PathWorld {
 public:
  PathWorld(const PathVariant& variant, std::uint64_t memory_bytes, PathState state);

  /**
   * Some 256 pages, or four blocks, of kPathOrders[@order]: random ones are freed on one CPU, as many of the same
   * types allocated on another, so that per-CPU lists overflow on one side and run dry on the other.
   * Returns operations done.
   */
  std::uint64_t burst(std::size_t order);
  double metadata_bytes_per_page() const;
  const Memory& memory() const { return memory_; }

 private:
  static constexpr unsigned kCpus = 4;

  struct Block {
    Pfn pfn;
    Migratetype type;
  };
  /** Blocks in use of one order. */
  struct Live {
    Order order;
    std::vector<Block> blocks{};
  };

  bool allocate(Live& live, Migratetype type, CpuId cpu);
  /** Blocks of all kinds until @share of memory is in use. */
  void fill(double share);
  void free_at_random(double share);
  void free_one(Live& live, double chance);
  double used() const;

  Tunables tunables_;
  Clock clock_;
  CostTable costs_;
  Memory memory_;
  IdleRelief relief_;
  PageAllocator allocator_;
  RandomStream random_;
  std::vector<Live> live_;  // those of kPathOrders first
  unsigned bursts_ = 0;
};

}  // namespace gbsim
