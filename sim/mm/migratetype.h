// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace gbsim {

/** Mobility of a pageblock, a free list, or a request. Numbers as in the kernel with CMA and isolation on. */
enum class Migratetype : std::uint8_t { unmovable, movable, reclaimable, highatomic, cma, isolate };

inline constexpr std::size_t kNrMigratetypes = 6;
/** Types that have per-CPU lists: unmovable, movable, reclaimable. */
inline constexpr std::size_t kNrPcpTypes = 3;

constexpr std::size_t index(Migratetype type) { return static_cast<std::size_t>(type); }

/** Name as /proc/pagetypeinfo prints it. */
constexpr std::string_view name(Migratetype type) {
  constexpr std::array<std::string_view, kNrMigratetypes> names{"Unmovable",  "Movable", "Reclaimable",
                                                                "HighAtomic", "CMA",     "Isolate"};
  return names[index(type)];
}

/** Kept below the boundary of a confined zone. */
constexpr bool confines(Migratetype type) {
  return type == Migratetype::unmovable || type == Migratetype::reclaimable || type == Migratetype::highatomic;
}

/** Unmovable, movable and reclaimable blocks merge and change type freely. */
constexpr bool is_mergeable(Migratetype type) { return type <= Migratetype::reclaimable; }

}  // namespace gbsim
