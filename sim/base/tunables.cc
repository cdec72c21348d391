// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/tunables.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace gbsim {
namespace {

enum class Change : std::uint8_t { any_time, before_run };

/** One row: the key as users see it and where its value goes. */
struct Knob {
  ParamSpec spec;
  void (*apply)(Tunables&, const Params&, std::string_view name);
  Change change = Change::any_time;
};

template <auto Member>
void put_integer(Tunables& t, const Params& p, std::string_view name) {
  using Field = std::remove_reference_t<decltype(t.*Member)>;
  t.*Member = static_cast<Field>(p.integer(name));
}

template <auto Member>
void put_flag(Tunables& t, const Params& p, std::string_view name) { t.*Member = p.flag(name); }

template <auto Member>
void put_share(Tunables& t, const Params& p, std::string_view name) { t.*Member = p.real(name); }

template <auto Member>
void put_bytes(Tunables& t, const Params& p, std::string_view name) {
  using Field = std::remove_reference_t<decltype(t.*Member)>;
  t.*Member = static_cast<Field>(p.bytes(name));
}

template <auto Member>
void put_time(Tunables& t, const Params& p, std::string_view name) { t.*Member = p.time(name); }

template <auto Member>
void put_centisecs(Tunables& t, const Params& p, std::string_view name) {
  t.*Member = std::chrono::milliseconds(10 * p.integer(name));
}

template <auto Member>
void put_millisecs(Tunables& t, const Params& p, std::string_view name) {
  t.*Member = std::chrono::milliseconds(p.integer(name));
}

/** The position of the value in the spec's choices, which stand in the order of the enum. */
template <auto Member>
void put_choice(Tunables& t, const Params& p, std::string_view name) {
  using Field = std::remove_reference_t<decltype(t.*Member)>;
  const std::string_view choices = p.find(name)->choices;
  const auto before = choices.substr(0, ("|" + std::string(choices) + "|").find("|" + p.text(name) + "|"));
  t.*Member = static_cast<Field>(std::ranges::count(before, '|'));
}

template <std::size_t I>
void put_reserve_ratio(Tunables& t, const Params& p, std::string_view name) {
  t.lowmem_reserve_ratio[I] = static_cast<unsigned>(p.integer(name));
}

using enum ParamType;
constexpr double kU32 = 4294967295.0;
constexpr double kPiB = 1125899906842624.0;
constexpr std::string_view kSysctl = "Documentation/admin-guide/sysctl/vm.rst";
constexpr std::string_view kThp = "Documentation/admin-guide/mm/transhuge.rst";

constexpr std::array kKnobs{
    Knob{{"kernel.rules", choice, "6.12", "kernel whose placement rules `linux` follows", "Debian's kernels", 0, 0,
          "6.1|6.12"},
         put_choice<&Tunables::kernel_rules>, Change::before_run},
    Knob{{"vm.min_free_kbytes", integer, "0", "kernel: vm.min_free_kbytes; base of the watermarks, 0 computes it",
          kSysctl, 0, 1e12},
         put_integer<&Tunables::min_free_kbytes>},
    Knob{{"vm.watermark_scale_factor", integer, "10",
          "kernel: vm.watermark_scale_factor; distance between watermarks, in 1/10000 of the zone", kSysctl, 1, 3000},
         put_integer<&Tunables::watermark_scale_factor>},
    Knob{{"vm.watermark_boost_factor", integer, "15000",
          "kernel: vm.watermark_boost_factor; most a fragmenting fallback adds, in 1/10000 of the high watermark",
          kSysctl, 0, kU32},
         put_integer<&Tunables::watermark_boost_factor>},
    Knob{{"vm.defrag_mode", flag, "false", "kernel: vm.defrag_mode; reclaim and compact before mixing pageblocks",
          kSysctl},
         put_flag<&Tunables::defrag_mode>},
    Knob{{"vm.lowmem_reserve_ratio.dma", integer, "256",
          "kernel: vm.lowmem_reserve_ratio, first; 1/ratio of the zones above is kept back in DMA", kSysctl, 0, kU32},
         put_reserve_ratio<0>},
    Knob{{"vm.lowmem_reserve_ratio.dma32", integer, "256", "kernel: vm.lowmem_reserve_ratio, second; DMA32", kSysctl, 0,
          kU32},
         put_reserve_ratio<1>},
    Knob{{"vm.lowmem_reserve_ratio.normal", integer, "32", "kernel: vm.lowmem_reserve_ratio, third; Normal", kSysctl, 0,
          kU32},
         put_reserve_ratio<2>},
    Knob{{"vm.lowmem_reserve_ratio.movable", integer, "0", "kernel: vm.lowmem_reserve_ratio, fourth; Movable", kSysctl,
          0, kU32},
         put_reserve_ratio<3>},
    Knob{{"vm.percpu_pagelist_high_fraction", integer, "0",
          "kernel: vm.percpu_pagelist_high_fraction; 1/fraction of a zone may sit in per-CPU lists, 0 tunes itself",
          kSysctl, 0, kU32},
         put_integer<&Tunables::percpu_pagelist_high_fraction>},
    Knob{{"cpu.data_cache", size, "0",
          "data caches of a CPU, with its share of shared ones; above three batches a batch stays per CPU when large "
          "blocks are freed in a row (kernel rules 6.12)",
          "kernel: setup_pcp_cacheinfo(); 1 to 4 MiB in servers, 0 without cacheinfo", 0, kPiB},
         put_bytes<&Tunables::cpu_data_cache>},
    Knob{{"vm.compaction_proactiveness", integer, "20",
          "kernel: vm.compaction_proactiveness; how hard kcompactd works ahead of demand, 0 turns it off", kSysctl, 0,
          100},
         put_integer<&Tunables::compaction_proactiveness>},
    Knob{{"vm.extfrag_threshold", integer, "500",
          "kernel: vm.extfrag_threshold; compact instead of reclaim above this fragmentation index", kSysctl, 0, 1000},
         put_integer<&Tunables::extfrag_threshold>},
    Knob{{"vm.swappiness", integer, "60", "kernel: vm.swappiness; cost of swapping against file reads", kSysctl, 0,
          200},
         put_integer<&Tunables::swappiness>},
    Knob{{"vm.vfs_cache_pressure", integer, "100",
          "kernel: vm.vfs_cache_pressure; percent at which dentries and inodes are reclaimed beside the page cache",
          kSysctl, 0, 10000},
         put_integer<&Tunables::vfs_cache_pressure>},
    Knob{{"vm.dirty_ratio", integer, "20", "kernel: vm.dirty_ratio; percent dirty at which writers wait", kSysctl, 0,
          100},
         put_integer<&Tunables::dirty_ratio>},
    Knob{{"vm.dirty_background_ratio", integer, "10",
          "kernel: vm.dirty_background_ratio; percent dirty at which writeback begins", kSysctl, 0, 100},
         put_integer<&Tunables::dirty_background_ratio>},
    Knob{{"vm.dirty_expire_centisecs", integer, "3000",
          "kernel: vm.dirty_expire_centisecs; age at which dirty data is written, in 1/100 s", kSysctl, 1, 1e9},
         put_centisecs<&Tunables::dirty_expire>},
    Knob{{"vm.dirty_writeback_centisecs", integer, "500",
          "kernel: vm.dirty_writeback_centisecs; pause between flusher runs, in 1/100 s", kSysctl, 1, 1e9},
         put_centisecs<&Tunables::dirty_writeback_interval>},
    Knob{{"swap.size", size, "0", "swap space; 0: none", "kernel: swapon", 0, kPiB},
         put_bytes<&Tunables::swap_bytes>, Change::before_run},
    Knob{{"swap.bandwidth", size, "500MiB", "swap device, bytes a second each way", "estimate: SATA SSD", 4096, kPiB},
         put_bytes<&Tunables::swap_bandwidth>},
    Knob{{"disk.write_bandwidth", size, "1GiB", "file data written back, bytes a second", "estimate: NVMe", 4096, kPiB},
         put_bytes<&Tunables::disk_write_bandwidth>},
    Knob{{"disk.read_bandwidth", size, "2GiB", "file data read, bytes a second", "estimate: NVMe", 4096, kPiB},
         put_bytes<&Tunables::disk_read_bandwidth>},
    Knob{{"disk.latency", time, "100us", "one read or write on an idle disk", "estimate: NVMe", 0, 1e10},
         put_time<&Tunables::disk_latency>},
    Knob{{"thp.enabled", choice, "always", "kernel: transparent_hugepage/enabled; who gets THP at a fault", kThp, 0, 0,
          "always|madvise|never"},
         put_choice<&Tunables::thp_enabled>},
    Knob{{"thp.defrag", choice, "madvise", "kernel: transparent_hugepage/defrag; what a fault may do to get one", kThp,
          0, 0, "always|defer|defer+madvise|madvise|never"},
         put_choice<&Tunables::thp_defrag>},
    Knob{{"khugepaged.pages_to_scan", integer, "4096", "kernel: khugepaged/pages_to_scan; base pages a wake-up", kThp,
          0, kU32},
         put_integer<&Tunables::khugepaged_pages_to_scan>},
    Knob{{"khugepaged.scan_sleep_millisecs", integer, "10000",
          "kernel: khugepaged/scan_sleep_millisecs; pause between wake-ups", kThp, 1, kU32},
         put_millisecs<&Tunables::khugepaged_scan_sleep>},
    Knob{{"khugepaged.alloc_sleep_millisecs", integer, "60000",
          "kernel: khugepaged/alloc_sleep_millisecs; pause after a huge page was refused", kThp, 1, kU32},
         put_millisecs<&Tunables::khugepaged_alloc_sleep>},
    Knob{{"btrfs.movable_metadata", flag, "true", "btree inode pages are movable instead of unmovable",
          "merged kernel patch; see published-figures"},
         put_flag<&Tunables::btrfs_movable_metadata>},
    Knob{{"gigablock.tainted_reserve", share, "3%",
          "whole free pageblocks that movable allocations leave in a tainted gigablock, of all its pageblocks",
          "RFC v1-24: about 3 %", 0, 1},
         put_share<&Tunables::gigablock_reserve>, Change::before_run},
    Knob{{"gigablock.tainted_reserve_min", integer, "4", "the same, at least so many pageblocks", "RFC v1-24", 0, 1e6},
         put_integer<&Tunables::gigablock_reserve_min>, Change::before_run},
    Knob{{"gigablock.mostly_used", share, "75%",
          "a gigablock with this part of its pageblocks in use is filed behind full ones, before emptier ones",
          "choice: the RFC's buckets are not public", 0, 1},
         put_share<&Tunables::gigablock_mostly_used>, Change::before_run},
    Knob{{"gigablock.half_used", share, "50%", "the same, for the bucket behind that one",
          "choice: the RFC's buckets are not public", 0, 1},
         put_share<&Tunables::gigablock_half_used>, Change::before_run},
    Knob{{"gigablock.aggressive_threshold", integer, "8",
          "zones with more gigablocks let non-movable claims split movable pageblocks of tainted ones", "RFC v2-19", 0,
          1e6},
         put_integer<&Tunables::gigablock_aggressive_threshold>},
    Knob{{"gigablock.contig_candidates", integer, "8", "clean gigablocks tried for one 1 GiB page",
          "choice: the RFC's cap is not public", 1, 1e6},
         put_integer<&Tunables::gigablock_contig_candidates>},
    Knob{{"gigablock.contig_order", choice, "emptiest",
          "which of them are tried, and in what order: those with most free memory first, or by address",
          "choice: the RFC's order is not public", 0, 0, "emptiest|address"},
         put_choice<&Tunables::gigablock_contig_order>},
    Knob{{"gigablock.contig_rounds", integer, "1", "how often they are tried for one 1 GiB page",
          "choice: how the RFC retries is not public", 1, 1000},
         put_integer<&Tunables::gigablock_contig_rounds>},
    Knob{{"gigablock.contig_first", flag, "false",
          "movable requests of a pageblock have the cheapest one of clean gigablocks emptied before they compact",
          "choice: RFC v2-17 has such a step, how it finds its range is not public"},
         put_flag<&Tunables::gigablock_contig_first>},
    Knob{{"gigablock.defrag_cooldown", time, "5s", "rest of a gigablock after a defrag run that gained nothing",
          "RFC v1-43", 0, 1e15},
         put_time<&Tunables::gigablock_defrag_cooldown>},
    Knob{{"gigablock.whole_first", flag, "false",
          "within a gigablock take whole pageblocks before parts",
          "choice: RFC v2-20 names whole before part; true wastes pageblocks"},
         put_flag<&Tunables::gigablock_whole_first>},
    Knob{{"gigablock.gate_empty", flag, "true",
          "non-movable requests need leave to mix before they enter an empty gigablock", "choice: not public"},
         put_flag<&Tunables::gigablock_gate_empty>},
    Knob{{"gigablock.gate_claims", flag, "false",
          "passes 2 and 2b need leave to mix, or the leave that the atomic ladder gives first",
          "choice: RFC v2-35 has the flag, not who else needs it"},
         put_flag<&Tunables::gigablock_gate_claims>},
    Knob{{"gigablock.claim_whole", flag, "true",
          "step: claim whole movable pageblocks in tainted gigablocks (pass 2)", "RFC v2-20"},
         put_flag<&Tunables::gigablock_claim_whole>},
    Knob{{"gigablock.claim_partial", flag, "true",
          "step: claim partly used movable pageblocks in tainted ones (pass 2b)", "RFC v1-25"},
         put_flag<&Tunables::gigablock_claim_partial>},
    Knob{{"gigablock.borrow_other", flag, "true",
          "step: borrow from the other non-movable type in tainted ones (pass 2c)", "RFC v1-31"},
         put_flag<&Tunables::gigablock_borrow_other>},
    Knob{{"gigablock.borrow_movable", flag, "true",
          "step: borrow movable memory in tainted ones (pass 2d)", "RFC v1-42"},
         put_flag<&Tunables::gigablock_borrow_movable>},
    Knob{{"gigablock.take_empty", flag, "true", "step: enter an empty gigablock (pass 3)", "RFC v2-20"},
         put_flag<&Tunables::gigablock_take_empty>},
    Knob{{"gigablock.movable_into_tainted", flag, "true",
          "step: movable into tainted gigablocks above the reserve (pass 4)", "RFC v1-42"},
         put_flag<&Tunables::gigablock_movable_into_tainted>},
    Knob{{"gigablock.refuse_optional", flag, "true",
          "refuse callers with a cheap fallback rather than taint", "RFC v2-26"},
         put_flag<&Tunables::gigablock_refuse_optional>},
    Knob{{"gigablock.refuse_best_effort", flag, "true",
          "refuse best-effort high orders that lower orders could serve", "RFC v2-35"},
         put_flag<&Tunables::gigablock_refuse_best_effort>},
    Knob{{"gigablock.atomic_wait", choice, "free_pageblock",
          "what tainted gigablocks must have left for an atomic high order to be refused rather than taint",
          "choice: RFC v2-26 judges by three facts, how is not public", 0, 0, "never|free_pageblock|free_pages"},
         put_choice<&Tunables::gigablock_atomic_wait>},
    Knob{{"gigablock.evacuate", flag, "true",
          "move movable pages out of tainted gigablocks before tainting another", "RFC v1-24"},
         put_flag<&Tunables::gigablock_evacuate>},
    Knob{{"gigablock.evacuation_candidates", integer, "4",
          "pageblocks that one allocation may have evacuated, in each phase", "choice: the RFC's bound is not public",
          0, 1e6},
         put_integer<&Tunables::gigablock_evacuation_candidates>},
    Knob{{"gigablock.defrag", flag, "true",
          "background worker that frees pageblocks in tainted gigablocks", "RFC v2-15"},
         put_flag<&Tunables::gigablock_defrag>},
    Knob{{"gigablock.defrag_start", choice, "reserve",
          "runs start below the reserve, or (flat) at one free pageblock or less than two pageblocks of free pages",
          "choice: RFC v2-15 is flat; v1-24 says four times earlier, its form is not public", 0, 0, "reserve|flat"},
         put_choice<&Tunables::gigablock_defrag_start>},
    Knob{{"gigablock.defrag_goal", integer, "1",
          "free pageblocks beyond the reserve at which a run ends; flat runs end as RFC v2-15 has it",
          "choice: RFC v2-15 ends one above its start", 0, 1e6},
         put_integer<&Tunables::gigablock_defrag_goal>},
    Knob{{"gigablock.shrink_slab", flag, "true", "shrink slabs when tainted gigablocks run low", "RFC v1-32"},
         put_flag<&Tunables::gigablock_shrink_slab>},
    Knob{{"gigablock.shrink_targeted", flag, "false",
          "free objects of the gigablock that runs low only; the RFC shrinks the whole node",
          "choice: not in the RFC"},
         put_flag<&Tunables::gigablock_shrink_targeted>},
    Knob{{"gigablock.shrink_interval", time, "100ms", "such rounds come no closer than this on a node",
          "RFC v1-32, which then removed it; v2-28 has a gate again that is not public", 0, 1e12},
         put_time<&Tunables::gigablock_shrink_interval>},
    Knob{{"gigablock.skip_immovable", flag, "true",
          "compaction skips tainted gigablocks without movable pages", "RFC v2-38"},
         put_flag<&Tunables::gigablock_skip_immovable>},
    Knob{{"bitmap.typed", flag, "true", "gigablock-bitmap: one set an order and type, so that a hit is never false",
          "choice: refinement of the redesign of 2026-06-29"},
         put_flag<&Tunables::bitmap_typed>},
    Knob{{"bitmap.at_least", flag, "true",
          "gigablock-bitmap: sets say at least this order, so that one look serves all higher ones",
          "choice: refinement of the redesign of 2026-06-29"},
         put_flag<&Tunables::bitmap_at_least>},
    Knob{{"bitmap.fullness", flag, "true", "gigablock-bitmap: one set a fullness bucket, so that packing is kept",
          "choice: refinement of the redesign of 2026-06-29"},
         put_flag<&Tunables::bitmap_fullness>},
    Knob{{"bitmap.summary", flag, "true",
          "gigablock-bitmap: combined sets are kept, with a summary level above their words",
          "choice: refinement of the redesign of 2026-06-29"},
         put_flag<&Tunables::bitmap_summary>},
    Knob{{"confined.initial", share, "5%", "confined: part of each zone that is for non-movable memory at boot",
          "choice: not public", 0, 1},
         put_share<&Tunables::confined_initial>, Change::before_run},
    Knob{{"confined.low", share, "5%", "confined: the non-movable region grows when less of it is free",
          "choice: Contiguitas steers by pressure stall times", 0, 1},
         put_share<&Tunables::confined_low>},
    Knob{{"confined.high", share, "20%", "confined: the non-movable region shrinks when more of it is free",
          "choice: Contiguitas steers by pressure stall times", 0, 1},
         put_share<&Tunables::confined_high>},
    Knob{{"confined.reserve", share, "25%",
          "confined: of the zone's min watermark, kept free in the non-movable region for requests that cannot wait",
          "choice: stands in for watermarks of its own", 0, 100},
         put_share<&Tunables::confined_reserve>},
    Knob{{"confined.looks", integer, "8",
          "confined: blocks of a free list looked at for the one farthest from the boundary",
          "choice: the paper's bias away from the boundary, bounded", 1, 1e6},
         put_integer<&Tunables::confined_looks>},
    Knob{{"pcpbuddy.claim_at", share, "10%",
          "pcpbuddy: a refill claims whole pageblocks if it wants this part of one",
          "choice: the RFC says that small batches fall through", 0, 1},
         put_share<&Tunables::pcpbuddy_claim_at>},
    Knob{{"pcpbuddy.adopt", choice, "tainted",
          "pcpbuddy: where CPUs take over partly used pageblocks of non-movable types", "RFC v2-21: tainted gigablocks",
          0, 0, "never|tainted|anywhere"},
         put_choice<&Tunables::pcpbuddy_adopt>},
    Knob{{"pcpbuddy.remote_batches", integer, "32",
          "pcpbuddy: pages on a CPU's remote list, in batches, above which others free to the buddy; 0: no limit",
          "choice: no limit is public", 0, 1e6},
         put_integer<&Tunables::pcpbuddy_remote_batches>},
    Knob{{"engine.slice", time, "10ms", "simulated time one CPU runs before the others catch up", "engine", 1e5, 1e9},
         put_time<&Tunables::slice>, Change::before_run},
};

constexpr auto kSpecs = [] {
  std::array<ParamSpec, kKnobs.size()> specs{};
  std::ranges::transform(kKnobs, specs.begin(), &Knob::spec);
  return specs;
}();

const Knob* find_knob(std::string_view name) {
  const auto found = std::ranges::find(kKnobs, name, [](const Knob& knob) { return knob.spec.name; });
  return found == kKnobs.end() ? nullptr : &*found;
}

std::size_t kind_called(std::string_view what, std::string_view name, std::span<const std::string_view> names) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) {
    throw std::invalid_argument(fmt::format("no {} is called '{}'", what, name));
  }
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

PlacementKind placement_kind(std::string_view name) {
  return static_cast<PlacementKind>(kind_called("placement", name, kPlacementNames));
}

PcpKind pcp_kind(std::string_view name) { return static_cast<PcpKind>(kind_called("pcp", name, kPcpNames)); }

std::span<const ParamSpec> tunable_specs() { return kSpecs; }

Tunables to_tunables(const Params& params) {
  Tunables tunables;
  for (const Knob& knob : kKnobs) {
    knob.apply(tunables, params, knob.spec.name);
  }
  return tunables;
}

bool changes_at_run_time(std::string_view name) {
  const Knob* knob = find_knob(name);
  return knob != nullptr && knob->change == Change::any_time;
}

std::optional<std::string> set_tunable(Tunables& tunables, std::string_view name, std::string_view text) {
  Params params(tunable_specs());
  if (auto error = params.set(name, text)) {
    return error;
  }
  if (!changes_at_run_time(name)) {
    return fmt::format("{}: cannot change during a run; set it under tunables", name);
  }
  find_knob(name)->apply(tunables, params, name);
  return std::nullopt;
}

}  // namespace gbsim
