// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sim/base/params.h"
#include "sim/base/types.h"

namespace gbsim {

/** When anonymous faults ask for THP: /sys/kernel/mm/transparent_hugepage/enabled. */
enum class ThpEnabled : std::uint8_t { always, madvise, never };
/** What a THP fault may do to get one: /sys/kernel/mm/transparent_hugepage/defrag. */
enum class ThpDefrag : std::uint8_t { always, defer, defer_madvise, madvise, never };
/** Which kernel's allocator rules `linux` placement follows. */
enum class KernelVersion : std::uint8_t { v6_1, v6_12 };

/** Where allocations are served from; chosen for a run, not a knob. */
enum class PlacementKind : std::uint8_t { linux, gigablock_walk, gigablock_bitmap, confined };

inline constexpr std::array<std::string_view, 4> kPlacementNames{"linux", "gigablock-walk", "gigablock-bitmap",
                                                                  "confined"};

/** The kind called @name. Throws std::invalid_argument. */
PlacementKind placement_kind(std::string_view name);

/** What stands between CPUs and the buddy lists; chosen for a run, not a knob. */
enum class PcpKind : std::uint8_t { linux, pcpbuddy, none };

inline constexpr std::array<std::string_view, 3> kPcpNames{"linux", "pcpbuddy", "none"};

/** Where a CPU takes over partly used pageblocks of non-movable types: nowhere, in tainted gigablocks, or anywhere. */
enum class PcpAdopt : std::uint8_t { never, tainted, anywhere };

/** When a tainted gigablock is defragmented: below its reserve, or at the one or two pageblocks of RFC v2-15. */
enum class DefragStart : std::uint8_t { reserve, flat };

/** What keeps an atomic high order from tainting: nothing, free pageblocks, or free pages of tainted gigablocks. */
enum class AtomicWait : std::uint8_t { never, free_pageblock, free_pages };

/** Clean gigablocks that are tried for a 1 GiB page: those with most free memory first, or by address. */
enum class ContigOrder : std::uint8_t { emptiest, address };

/** The kind called @name. Throws std::invalid_argument. */
PcpKind pcp_kind(std::string_view name);

/**
 * The gigablock allocator's switches and thresholds. Defaults follow the RFC where it is public ("RFC v1-24": patch 24
 * of its first version), else they are choices, which tunable_specs() says.
 */
struct GigablockTunables {
  double gigablock_reserve = 0.03;             // of a gigablock's pageblocks, kept from movable allocations if tainted
  unsigned gigablock_reserve_min = 4;          // pageblocks
  double gigablock_mostly_used = 0.75;         // of a gigablock's pageblocks in use: from here on of this fullness
  double gigablock_half_used = 0.50;
  unsigned gigablock_aggressive_threshold = 8; // gigablocks, above which claims may split pageblocks
  unsigned gigablock_contig_candidates = 8;
  ContigOrder gigablock_contig_order = ContigOrder::emptiest;
  unsigned gigablock_contig_rounds = 1;        // over all candidates, for one page
  bool gigablock_contig_first = false;
  bool gigablock_whole_first = false;
  bool gigablock_gate_empty = true;
  bool gigablock_gate_claims = false;
  bool gigablock_claim_whole = true;           // the steps of the search, for ablation
  bool gigablock_claim_partial = true;
  bool gigablock_borrow_other = true;
  bool gigablock_borrow_movable = true;
  bool gigablock_take_empty = true;
  bool gigablock_movable_into_tainted = true;
  bool gigablock_refuse_optional = true;
  bool gigablock_refuse_best_effort = true;
  AtomicWait gigablock_atomic_wait = AtomicWait::free_pageblock;
  bool gigablock_evacuate = true;
  unsigned gigablock_evacuation_candidates = 4;  // pageblocks, in each of the two phases
  bool gigablock_defrag = true;
  DefragStart gigablock_defrag_start = DefragStart::reserve;
  unsigned gigablock_defrag_goal = 1;            // pageblocks beyond the reserve
  bool gigablock_shrink_slab = true;
  bool gigablock_shrink_targeted = false;
  Ns gigablock_shrink_interval{100'000'000};
  bool gigablock_skip_immovable = true;
  Ns gigablock_defrag_cooldown{5'000'000'000};
  bool bitmap_typed = true;                    // refinements of the bitmap search
  bool bitmap_at_least = true;
  bool bitmap_fullness = true;
  bool bitmap_summary = true;
};

/** How the boundary of `confined` moves. The paper steers by memory pressure; our stand-in is free memory. */
struct ConfinedTunables {
  double confined_initial = 0.05;  // of a zone's memory, for non-movable memory at boot
  double confined_low = 0.05;      // of the region: it grows when less of it is free
  double confined_high = 0.20;     // of the region: it shrinks when more of it is free
  double confined_reserve = 0.25;  // of the zone's min watermark, kept free in the region for who cannot wait
  unsigned confined_looks = 8;     // blocks of a list looked at for the one farthest from the boundary
};

/** CPUs that own pageblocks. What the RFC's text does not say is a choice, and tunable_specs() says so. */
struct PcpBuddyTunables {
  double pcpbuddy_claim_at = 0.10;        // of a pageblock: what a refill must want to claim a whole one
  PcpAdopt pcpbuddy_adopt = PcpAdopt::tainted;
  unsigned pcpbuddy_remote_batches = 32;  // refills that may wait on a remote list; 0: without limit
};

/** The knobs of the simulated kernel, typed. Their names, ranges and meanings are in tunable_specs(). */
struct Tunables : GigablockTunables, ConfinedTunables, PcpBuddyTunables {
  PlacementKind placement = PlacementKind::linux;
  PcpKind pcp = PcpKind::linux;
  KernelVersion kernel_rules = KernelVersion::v6_12;
  std::uint64_t min_free_kbytes = 0;  // 0: computed from memory size
  unsigned watermark_scale_factor = 10;
  unsigned watermark_boost_factor = 15000;
  bool defrag_mode = false;
  std::array<unsigned, 4> lowmem_reserve_ratio{256, 256, 32, 0};
  unsigned percpu_pagelist_high_fraction = 0;
  std::uint64_t cpu_data_cache = 0;      // bytes
  unsigned compaction_proactiveness = 20;
  unsigned extfrag_threshold = 500;
  unsigned swappiness = 60;
  unsigned vfs_cache_pressure = 100;
  unsigned dirty_ratio = 20;             // percent of dirtyable memory
  unsigned dirty_background_ratio = 10;
  Ns dirty_expire{30'000'000'000};
  Ns dirty_writeback_interval{5'000'000'000};
  std::uint64_t swap_bytes = 0;          // 0: no swap
  double swap_bandwidth = 500.0 * (1 << 20);         // bytes a second
  double disk_write_bandwidth = 1024.0 * (1 << 20);
  double disk_read_bandwidth = 2048.0 * (1 << 20);
  Ns disk_latency{100'000};
  ThpEnabled thp_enabled = ThpEnabled::always;
  ThpDefrag thp_defrag = ThpDefrag::madvise;
  bool btrfs_movable_metadata = true;
  unsigned khugepaged_pages_to_scan = 4096;
  Ns khugepaged_scan_sleep{10'000'000'000};
  Ns khugepaged_alloc_sleep{60'000'000'000};  // after a huge page was refused
  Ns slice{10'000'000};                  // engine: window of one CPU

  bool has_gigablocks() const {
    return placement == PlacementKind::gigablock_walk || placement == PlacementKind::gigablock_bitmap;
  }
  bool confines() const { return placement == PlacementKind::confined; }
  /** Requests keep clear of mixing pageblocks, or of tainting gigablocks, until all else has failed. */
  bool mixes_last() const { return defrag_mode || has_gigablocks(); }
};

/** Every tunable under its kernel or gbsim name, e.g. "vm.swappiness"; text defaults equal the struct's. */
std::span<const ParamSpec> tunable_specs();
/** Typed values out of @params, which has the schema tunable_specs(). */
Tunables to_tunables(const Params& params);
/** Whether set_tunable() takes @name: sizes of devices and the like are fixed once a run has begun. */
bool changes_at_run_time(std::string_view name);
/** Changes one tunable at run time by name, as a timeline's `do: set` does; returns what is wrong, or nullopt. */
std::optional<std::string> set_tunable(Tunables& tunables, std::string_view name, std::string_view text);

}  // namespace gbsim
