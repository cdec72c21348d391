// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>

#include "sim/metrics/census.h"
#include "sim/metrics/result_writer.h"
#include "sim/metrics/sample.h"

namespace gbsim::test {

/** A made-up run that looks like an ageing server: smooth curves of time, no allocator behind them. */
struct FakeRun {
  unsigned gigablocks = 16;
  unsigned samples = 20;
  Ns interval{10'000'000'000};
  std::string placement = "linux";
  std::uint64_t seed = 1;
  double taint = 1.0;  // how fast unmovable memory spreads
};

/** A repeatable number in [0, 1) for each @key. */
inline double noise(std::uint64_t key) {
  key = (key + 0x9e3779b97f4a7c15ULL) * 0xbf58476d1ce4e5b9ULL;
  key = (key ^ (key >> 27U)) * 0x94d049bb133111ebULL;
  return static_cast<double>((key ^ (key >> 31U)) >> 11U) / 9007199254740992.0;
}

inline std::uint64_t whole(double value) {
  return static_cast<std::uint64_t>(std::max(0.0, value));
}

/** Fills one gigablock at @progress in [0, 1] of the run. */
inline GigablockSample fake_gigablock(const FakeRun& run, unsigned id, double progress) {
  constexpr double kPages = 262144;
  const double onset = noise(id + 1000 * run.seed);
  const double age = std::clamp((progress * run.taint - onset) * 3, 0.0, 1.0);
  const double full = 0.9 + 0.08 * noise(id * 7919U + whole(progress * 1e4));
  const double used = std::clamp(progress * 8 - 0.5 * onset, 0.1, full);
  GigablockSample g;
  g.id = GigablockId{id};
  g.unmovable = static_cast<std::uint32_t>(kPages * used * 0.35 * age * onset);
  g.reclaimable = static_cast<std::uint32_t>(kPages * used * 0.25 * age * (1 - onset));
  g.movable = static_cast<std::uint32_t>(kPages * used) - g.unmovable - g.reclaimable;
  g.pinned = g.movable / 1000;
  g.reserved = id == 0 ? 4096 : 0;
  g.free = 262144 - g.movable - g.unmovable - g.reclaimable - g.reserved;
  g.free_pageblocks = g.free / 4096;
  settle_gigablock(g, NrPages{262144}, id != 0);
  return g;
}

inline ZoneSample fake_zone(std::string name, NrPages managed, NrPages free) {
  ZoneSample zone;
  zone.name = std::move(name);
  zone.pageblock_order = Order{9};
  zone.present = zone.managed = managed;
  zone.free = free;
  zone.min = managed / 400;
  zone.low = managed / 320;
  zone.high = managed / 260;
  zone.pcp = NrPages{managed.value / 5000};
  zone.pageblocks = {managed.value / 512 / 8, managed.value / 512 * 6 / 8, managed.value / 512 / 8, 0, 0, 0};
  zone.free_blocks.resize(11);
  for (unsigned order = 0; order <= 10; ++order) {
    const std::uint64_t blocks = (free.value >> order) / 11;
    zone.free_blocks[order] = {blocks / 5, blocks - blocks / 5 - blocks / 9, blocks / 9, 0, 0, 0};
  }
  return zone;
}

inline void fake_operations(Counters& c, double seconds, double progress, double taint) {
  c.allocs = whole(90e3 * seconds);
  c.frees = whole(88e3 * seconds);
  c.page_allocs = whole(140e3 * seconds);
  c.page_frees = whole(139e3 * seconds);
  for (unsigned order = 0; order <= 10; ++order) {
    c.orders.push_back({whole(90e3 * seconds / (1 << order)), whole(taint * seconds * order * order * progress)});
    c.failures += c.orders.back().failures;
  }
  for (std::size_t i = 0; i < kNrCpuUsers; ++i) {
    const double share = i == 0 ? 8 : 0.03 * static_cast<double>(i) * progress;
    c.cpu.time[i] = Ns{static_cast<std::int64_t>(1e9 * seconds * share)};
  }
}

inline ExtfragCounts fake_extfrag(double seconds, double progress, double taint) {
  ExtfragCounts result;
  const auto spread = [&](std::size_t action, std::size_t wanted, std::size_t from) {
    return whole(taint * seconds * static_cast<double>(1 + action * 3 + wanted * 2 + from) * (2 - progress));
  };
  for (std::size_t action = 0; action < kNrExtfragActions; ++action) {
    for (std::size_t wanted = 0; wanted < 3; ++wanted) {
      result.events[action][wanted][(wanted + 1) % 3] = spread(action, wanted, (wanted + 1) % 3);
      result.events[action][wanted][(wanted + 2) % 3] = spread(action, wanted, (wanted + 2) % 3);
    }
  }
  return result;
}

inline std::vector<VmstatValue> fake_vmstat(const Counters& c, double seconds, double progress) {
  return {{"nr_free_pages", 0},
          {"nr_slab_reclaimable", 0},
          {"nr_slab_unreclaimable", 0},
          {"workingset_refault_file", whole(300 * seconds)},
          {"nr_dirty", 0},
          {"nr_writeback", 0},
          {"pswpin", 0},
          {"pswpout", 0},
          {"pgalloc_normal", c.page_allocs},
          {"allocstall_normal", whole(2 * seconds * progress)},
          {"pgfree", c.page_frees},
          {"pgsteal_kswapd", whole(60e3 * seconds)},
          {"pgsteal_direct", whole(900 * seconds * progress)},
          {"pgscan_kswapd", whole(80e3 * seconds)},
          {"pgscan_direct", whole(1900 * seconds * progress)},
          {"slabs_scanned", whole(3e3 * seconds)},
          {"pgmigrate_success", whole(800 * seconds * progress)},
          {"compact_migrate_scanned", whole(5e3 * seconds * progress)},
          {"compact_free_scanned", whole(25e3 * seconds * progress)},
          {"compact_isolated", whole(2e3 * seconds * progress)},
          {"compact_stall", whole(seconds * progress)},
          {"compact_fail", whole(0.97 * seconds * progress)},
          {"compact_success", whole(0.03 * seconds * progress)},
          {"thp_fault_alloc", whole(40 * seconds - 15 * seconds * progress)},
          {"thp_fault_fallback", whole(2 * seconds + 15 * seconds * progress)}};
}

/** All counters at @progress. */
inline Counters fake_counters(const FakeRun& run, double progress) {
  const double seconds = progress * 7200;
  Counters c;
  fake_operations(c, seconds, progress, run.taint);
  c.extfrag = fake_extfrag(seconds, progress, run.taint);
  c.vmstat = fake_vmstat(c, seconds, progress);
  return c;
}

inline void fill_states(Sample& sample) {
  for (VmstatValue& each : sample.counters.vmstat) {
    if (each.name.starts_with("nr_free")) {
      each.value = sample.free_pages().value;
    } else if (each.name.starts_with("nr_")) {
      each.value = sample.pageblocks.reclaimable.value / each.name.size();
    }
  }
}

/** Pageblocks in which each gigablock's pages stand one kind after another. */
inline PageblockFrame fake_pageblocks(const std::vector<GigablockSample>& gigablocks) {
  PageblockFrame frame{Order{9}, Order{18}, {{Pfn{0}, 512 * gigablocks.size()}}, {}};
  for (const GigablockSample& g : gigablocks) {
    for (std::uint32_t page = 0; page < 262144; page += 512) {
      const bool unmovable = page < g.unmovable;
      const bool used = page < g.unmovable + g.movable;
      const Pageblock block{.unmovable = static_cast<std::uint16_t>(unmovable ? 100 : 0),
                            .movable = static_cast<std::uint16_t>(used ? 400 : 0),
                            .type = unmovable ? Migratetype::unmovable : Migratetype::movable};
      frame.codes.push_back(pageblock_code(block, NrPages{512}, false));
    }
  }
  return frame;
}

/** Sample number @at of @run. */
inline Sample fake_sample(const FakeRun& run, unsigned at) {
  const double progress = static_cast<double>(at) / std::max(1U, run.samples - 1);
  Sample sample;
  sample.time = run.interval * at;
  std::uint64_t free = 0;
  for (unsigned id = 0; id < run.gigablocks; ++id) {
    sample.gigablocks.push_back(fake_gigablock(run, id, progress));
    const GigablockSample& g = sample.gigablocks.back();
    sample.gigablock_states[static_cast<std::size_t>(g.state)] += g.whole ? 1 : 0;
    sample.pageblocks.movable += NrPages{g.movable};
    sample.pageblocks.unmovable += NrPages{g.unmovable};
    sample.pageblocks.reclaimable += NrPages{g.reclaimable};
    sample.pageblocks.pinned += NrPages{g.pinned};
    sample.pageblocks.free += g.free_pageblocks;
    free += g.free;
  }
  const std::uint64_t pages = std::uint64_t{run.gigablocks} * 262144;
  sample.blocks = fake_pageblocks(sample.gigablocks);
  sample.zones.push_back(fake_zone("DMA", NrPages{3840}, NrPages{3800}));
  sample.zones.push_back(fake_zone("DMA32", NrPages{700000}, NrPages{20000}));
  sample.zones.push_back(fake_zone("Normal", NrPages{pages - 786432}, NrPages{free - free / 10}));
  sample.lru = {NrPages{pages / 20}, NrPages{pages / 5}, sample.pageblocks.movable / 3, sample.pageblocks.movable / 4};
  sample.pageblocks.total = pages / 512;
  sample.pageblocks.mixed = whole(progress * 0.1 * static_cast<double>(pages) / 512);
  sample.pageblocks.with_unmovable = whole((0.05 + 0.3 * progress) * static_cast<double>(pages) / 512);
  sample.allocatable_1g = count_allocatable_1g(sample.gigablocks, NrPages{262144});
  std::vector<std::uint64_t> blocks;
  for (unsigned order = 0; order <= 10; ++order) {
    blocks.push_back(sample.free_blocks(Order{order}));
  }
  sample.fragmentation = fragmentation_indices(blocks, Order{18}, sample.gigablocks_in(GigablockState::empty));
  sample.counters = fake_counters(run, progress);
  fill_states(sample);
  return sample;
}

/** Latency rows as a run would measure them. */
inline std::vector<LatencyRow> fake_latency() {
  std::vector<LatencyRow> rows;
  for (unsigned order = 0; order <= 10; ++order) {
    const std::uint64_t base = order < 4 ? 115 : 4500;
    const std::uint64_t count = std::uint64_t{1000000} >> order;
    rows.push_back({Order{order}, std::string(kAllClasses), count, base, base * 2, base * 20 * (order + 1),
                    base * 900 * (order + 1), base * 90000});
    rows.push_back({Order{order}, "KERNEL", count / 2, base, base * 2, base * 9, base * 400, base * 9000});
  }
  return rows;
}

inline RunIdentity fake_identity(const FakeRun& run) {
  return {"mixed-server", run.placement, "linux", run.seed};
}

/** Writes the whole of @run into @dir, which is created. */
inline void write_fake_run(const FakeRun& run, const std::filesystem::path& dir) {
  std::filesystem::create_directories(dir);
  ResultWriter writer(dir, fake_identity(run), "name: mixed-server\n");
  for (unsigned at = 0; at < run.samples; ++at) {
    writer.sample(fake_sample(run, at));
  }
  writer.snapshot(fake_sample(run, run.samples - 1));
  writer.event({.time = run.interval, .event = "oom_kill", .pages = 1000, .detail = "process web-1, \"largest\""});
  writer.finish({.simulated = run.interval * (run.samples - 1), .host = {}, .latency = fake_latency()});
}

}  // namespace gbsim::test
