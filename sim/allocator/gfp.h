// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/mm/migratetype.h"

namespace gbsim {

/** Allocation flags with the kernel's meaning (include/linux/gfp_types.h); the bit values are ours. */
class Gfp {
 public:
  enum Bit : std::uint32_t {
    dma = 1U << 0,
    dma32 = 1U << 1,
    highmem = 1U << 2,  // no zone of its own on x86-64; kept for printing
    movable = 1U << 3,
    reclaimable = 1U << 4,
    high = 1U << 5,
    io = 1U << 6,
    fs = 1U << 7,
    zero = 1U << 8,
    direct_reclaim = 1U << 9,
    kswapd_reclaim = 1U << 10,
    write = 1U << 11,
    nowarn = 1U << 12,
    retry_mayfail = 1U << 13,
    nofail = 1U << 14,
    noretry = 1U << 15,
    memalloc = 1U << 16,
    comp = 1U << 17,
    nomemalloc = 1U << 18,
    hardwall = 1U << 19,
    thisnode = 1U << 20,
    account = 1U << 21,
  };

  constexpr Gfp() = default;
  constexpr explicit Gfp(std::uint32_t bits) : bits_(bits) {}

  constexpr bool has(Bit bit) const { return (bits_ & bit) != 0; }
  constexpr Gfp with(std::uint32_t bits) const { return Gfp{bits_ | bits}; }
  constexpr Gfp without(std::uint32_t bits) const { return Gfp{bits_ & ~bits}; }
  constexpr std::uint32_t bits() const { return bits_; }
  constexpr bool operator==(const Gfp&) const = default;

  constexpr bool may_block() const { return has(direct_reclaim); }
  /** gfp_migratetype() of the kernel. */
  constexpr Migratetype migratetype() const {
    if (has(movable)) {
      return Migratetype::movable;
    }
    return has(reclaimable) ? Migratetype::reclaimable : Migratetype::unmovable;
  }

 private:
  std::uint32_t bits_ = 0;
};

namespace gfp {
inline constexpr Gfp kReclaim{Gfp::direct_reclaim | Gfp::kswapd_reclaim};
inline constexpr Gfp kAtomic{Gfp::high | Gfp::kswapd_reclaim};
inline constexpr Gfp kNowait{Gfp::kswapd_reclaim | Gfp::nowarn};
inline constexpr Gfp kNoio = kReclaim;
inline constexpr Gfp kNofs = kReclaim.with(Gfp::io);
inline constexpr Gfp kKernel = kReclaim.with(Gfp::io | Gfp::fs);
inline constexpr Gfp kKernelAccount = kKernel.with(Gfp::account);
inline constexpr Gfp kUser = kKernel.with(Gfp::hardwall);
inline constexpr Gfp kHighuserMovable = kUser.with(Gfp::highmem | Gfp::movable);
inline constexpr Gfp kTranshugeLight =
    kHighuserMovable.with(Gfp::comp | Gfp::nomemalloc | Gfp::nowarn).without(kReclaim.bits());
inline constexpr Gfp kTranshuge = kTranshugeLight.with(Gfp::direct_reclaim);
inline constexpr Gfp kNoretry = kKernel.with(Gfp::noretry | Gfp::nowarn);
inline constexpr Gfp kRetryMayfail = kKernel.with(Gfp::retry_mayfail | Gfp::nowarn);
inline constexpr Gfp kNofail = kKernel.with(Gfp::nofail);
/** skb_page_frag_refill: an order-3 attempt that must not stall. */
inline constexpr Gfp kSkbFrag = kKernel.with(Gfp::comp | Gfp::nowarn | Gfp::noretry).without(Gfp::direct_reclaim);
/** SLUB's first attempt at a cache's preferred order. */
inline constexpr Gfp kSlabHighOrder =
    kKernel.with(Gfp::nowarn | Gfp::noretry | Gfp::comp | Gfp::nomemalloc).without(kReclaim.bits());
}  // namespace gfp

/** A named shape that YAML files use, such as KERNEL, ATOMIC or TRANSHUGE_LIGHT. */
struct GfpShape {
  std::string_view name;
  Gfp gfp;
  std::string_view meaning;
};

inline constexpr std::array kGfpShapes{
    GfpShape{"KERNEL", gfp::kKernel, "may sleep, reclaim, use io and file systems"},
    GfpShape{"KERNEL_ACCOUNT", gfp::kKernelAccount, "KERNEL charged to a memory cgroup (page tables, pipes)"},
    GfpShape{"ATOMIC", gfp::kAtomic, "must not sleep; may use the reserves"},
    GfpShape{"NOWAIT", gfp::kNowait, "must not sleep; wakes kswapd"},
    GfpShape{"NORETRY", gfp::kNoretry, "KERNEL that gives up after one round of reclaim"},
    GfpShape{"RETRY_MAYFAIL", gfp::kRetryMayfail, "KERNEL that tries hard, but may fail"},
    GfpShape{"NOFAIL", gfp::kNofail, "KERNEL that loops until it succeeds"},
    GfpShape{"NOFS", gfp::kNofs, "no re-entry into file systems"},
    GfpShape{"TRANSHUGE", gfp::kTranshuge, "THP fault that may compact directly"},
    GfpShape{"TRANSHUGE_LIGHT", gfp::kTranshugeLight, "THP fault without direct compaction"},
    GfpShape{"HIGHUSER_MOVABLE", gfp::kHighuserMovable, "user memory"},
    GfpShape{"SKB_FRAG", gfp::kSkbFrag, "order-3 page fragment that must not stall"},
    GfpShape{"SLAB_HIGH_ORDER", gfp::kSlabHighOrder, "slab's first attempt at its preferred order"},
};

/** The shape called @name, or nullopt. */
constexpr std::optional<Gfp> gfp_shape(std::string_view name) {
  for (const GfpShape& shape : kGfpShapes) {
    if (shape.name == name) {
      return shape.gfp;
    }
  }
  return std::nullopt;
}

}  // namespace gbsim
