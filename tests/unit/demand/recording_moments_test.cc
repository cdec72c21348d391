// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/recording_moments.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "demand_rig.h"
#include "sim/recording/byte_source.h"
#include "toy_recording.h"
#include "toy_snapshot.h"

using namespace gbsim;
using test::ms;

namespace {

/** Four pageblocks of 512 pages, the first unmovable; one free block of order 9 and one page. */
KernelSnapshot small_snapshot() {
  ZoneImage zone;
  zone.start = Pfn{0};
  zone.spanned = zone.present = zone.managed = NrPages{2048};
  zone.orders.pageblock = Order{9};
  zone.pageblocks = {Migratetype::unmovable, Migratetype::movable, Migratetype::movable, Migratetype::reclaimable};
  zone.free[9][index(Migratetype::movable)] = {Pfn{1024}};
  zone.free[0][index(Migratetype::unmovable)] = {Pfn{7}};
  KernelSnapshot snapshot;
  snapshot.time = ms(50);
  snapshot.zones = {zone};
  return snapshot;
}

}  // namespace

TEST_CASE("a snapshot tells free blocks by order and what pageblocks of each type hold") {
  const MemoryMoment moment = moment_of(small_snapshot(), {}, ms(10));
  CHECK(moment.time == ms(40));
  CHECK(moment.managed == NrPages{2048});
  CHECK(moment.free_blocks[9] == 1);
  CHECK(moment.free() == NrPages{513});
  CHECK(moment.held[index(Migratetype::unmovable)] == NrPages{511});
  CHECK(moment.held[index(Migratetype::movable)] == NrPages{512});
  CHECK(moment.held[index(Migratetype::reclaimable)] == NrPages{512});
}

TEST_CASE("a pageblock is mixed if it holds a known block of another type") {
  const std::vector<LiveBlock> live{{Pfn{600}, Order{0}, Migratetype::unmovable},
                                    {Pfn{601}, Order{0}, Migratetype::unmovable},
                                    {Pfn{3}, Order{0}, Migratetype::unmovable},
                                    {Pfn{1600}, Order{2}, Migratetype::movable}};
  CHECK(*moment_of(small_snapshot(), live, ms(0)).mixed_share == doctest::Approx(0.5));
}

TEST_CASE("reserved pageblocks are not among those of which some are mixed") {
  KernelSnapshot snapshot = small_snapshot();
  snapshot.zones[0].managed = NrPages{1024};
  const std::vector<LiveBlock> live{{Pfn{600}, Order{0}, Migratetype::unmovable}};
  CHECK(*moment_of(snapshot, live, ms(0)).mixed_share == doctest::Approx(0.5));
}

TEST_CASE("where places are drawn mixing is unknown") {
  KernelSnapshot snapshot = small_snapshot();
  snapshot.zones[0].is_drawn = true;
  CHECK_FALSE(moment_of(snapshot, {}, ms(0)).mixed_share.has_value());
}

TEST_CASE("other types of pageblocks stand for the request type they serve") {
  CHECK(demand_type(Migratetype::cma) == index(Migratetype::movable));
  CHECK(demand_type(Migratetype::highatomic) == index(Migratetype::unmovable));
  CHECK(demand_type(Migratetype::reclaimable) == index(Migratetype::reclaimable));
}

TEST_CASE("the minimum watermark is that of most moments") {
  RecordingWithMoments recording;
  CHECK(recording.min_watermark() == NrPages{});
  for (const std::uint64_t pages : {371U, 657U, 657U}) {
    recording.moments.push_back({.min_watermark = NrPages{pages}});
  }
  CHECK(recording.min_watermark() == NrPages{657});
}

TEST_CASE("what is known of a machine's settings is better than what snapshots tell") {
  RecordingWithMoments recording;
  recording.boosts_watermarks = false;
  recording.moments.push_back({.min_watermark = NrPages{256}});
  const std::vector<TunableSetting> told{{"cpu.data_cache", "2MiB"},
                                         {"kernel.rules", "6.12"},
                                         {"vm.min_free_kbytes", "1024"},
                                         {"vm.watermark_boost_factor", "0"}};
  CHECK(recording.tunables() == told);
  recording.machine.settings = {{"vm.watermark_boost_factor", "15000"}, {"vm.watermark_scale_factor", "30"}};
  const std::vector<TunableSetting> known{{"cpu.data_cache", "2MiB"},
                                          {"kernel.rules", "6.12"},
                                          {"vm.min_free_kbytes", "1024"},
                                          {"vm.watermark_boost_factor", "15000"},
                                          {"vm.watermark_scale_factor", "30"}};
  CHECK(recording.tunables() == known);
}

namespace {

/** Two pageblocks and snapshots at 10, 2000 and 4000 us; a page is allocated at 5 us. */
class Watched {
 public:
  Watched() { files.event(5, "mm_page_alloc", 3, "order=0 migratetype=0 gfp_flags=GFP_KERNEL"); }

  void snapshot(std::int64_t micros, std::uint64_t boost, int reclaimed) {
    KernelSnapshot snapshot = test::toy_snapshot("MM");
    snapshot.zones[0].boost = boost;
    files.add("s", micros, snapshot);
    std::ofstream(files.dir() / fmt::format("snaps/{:03}_s/vmstat", count_++)) << "pgsteal_file " << reclaimed << "\n";
  }
  RecordingWithMoments read() const {
    RecordingRequest request;
    request.trace = files.trace();
    return read_with_moments(Recording(request));
  }

  test::ToyRecording files;

 private:
  unsigned count_ = 0;
};

constexpr const char* kPolluting =
    "alloc_order=0 fallback_order=2 pageblock_order=9 alloc_migratetype=0 fallback_migratetype=1 fragmenting=1 "
    "change_ownership=0";

}  // namespace

TEST_CASE("a snapshot just after a fallback shows whether fallbacks boost watermarks") {
  for (const std::uint64_t boost : {0U, 512U}) {
    Watched recording;
    recording.snapshot(10, 0, 0);
    recording.files.event(1000, "mm_page_alloc_extfrag", 4, kPolluting);
    recording.snapshot(2000, boost, 0);
    recording.files.event(3000, "mm_page_free", 3, "order=0");
    CHECK(recording.read().boosts_watermarks == (boost != 0));
  }
}

TEST_CASE("without a fallback just before a snapshot the kernel's default is assumed") {
  Watched recording;
  recording.snapshot(10, 0, 0);
  recording.files.event(1000, "mm_page_alloc_extfrag", 4, kPolluting);
  recording.snapshot(50'000, 0, 0);
  recording.files.event(60'000, "mm_page_free", 3, "order=0");
  CHECK(recording.read().boosts_watermarks);
}

TEST_CASE("how much anonymous memory went to swap, and how much swap there is, snapshots tell too") {
  Watched recording;
  recording.snapshot(10, 0, 0);
  for (std::uint64_t page = 100; page < 104; ++page) {
    recording.files.event(20, "mm_page_alloc", page, "order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE|__GFP_ZERO");
    recording.files.event(1500, "mm_page_free", page, "order=0");
  }
  recording.snapshot(2000, 0, 0);
  const auto later = recording.files.dir() / "snaps/001_s";
  std::ofstream(later / "vmstat") << "pgsteal_file 0\npgsteal_anon 4\n";
  std::ofstream(later / "meminfo") << "MemTotal: 8 kB\nSwapTotal:      2048 kB\nSwapFree: 0 kB\n";
  recording.files.event(3000, "mm_page_free", 3, "order=0");
  const RecordingWithMoments read = recording.read();
  CHECK(read.swapping.took(Ns{1'500'000}));
  CHECK_FALSE(read.reclaim.took(Ns{1'500'000}));
  CHECK(read.swap_bytes == 2048 * 1024);
  const std::vector<TunableSetting> settings = read.tunables();
  CHECK(std::ranges::find(settings, TunableSetting{"swap.size", "2MiB"}) != settings.end());
}

TEST_CASE("page cache was dropped between two snapshots of which the later counts more drops") {
  Watched recording;
  recording.snapshot(10, 0, 0);
  recording.snapshot(2000, 0, 0);
  recording.snapshot(4000, 0, 0);
  for (const auto& [place, drops] : {std::pair{"000_s", 3}, std::pair{"001_s", 4}, std::pair{"002_s", 4}}) {
    std::ofstream(recording.files.dir() / "snaps" / place / "vmstat")
        << "pgsteal_file 0\npgsteal_anon 0\ndrop_pagecache " << drops << '\n';
  }
  recording.files.event(5000, "mm_page_free", 3, "order=0");
  const RecordingWithMoments read = recording.read();
  REQUIRE(read.drops.size() == 1);
  CHECK(read.drops[0].after < ms(1));
  CHECK(read.drops[0].until >= ms(2));
  CHECK(read.drops[0].until < ms(3));
}

TEST_CASE("reclaim's share is what vmstat counts between snapshots, of what the recording shows to die") {
  Watched recording;
  recording.snapshot(10, 0, 100);
  for (std::uint64_t page = 100; page < 104; ++page) {
    recording.files.event(20, "mm_page_alloc", page, "order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE");
    recording.files.event(1500, "mm_page_free", page, "order=0");
  }
  recording.snapshot(2000, 0, 104);
  recording.files.event(3000, "mm_page_free", 3, "order=0");
  const RecordingWithMoments read = recording.read();
  CHECK(read.reclaim.took(Ns{1'500'000}));
  CHECK_FALSE(read.reclaim.took(Ns{2'500'000}));
}

TEST_CASE("a recording whose clock jumped by more than a run may last is refused") {
  test::ToyRecording files;
  constexpr std::int64_t kDay = std::int64_t{86'400} * 1'000'000;
  files.add("start", 5, test::toy_snapshot("MM"));
  files.event(10, "mm_page_alloc", 1, "order=0 migratetype=0 gfp_flags=GFP_KERNEL");
  files.event(101 * kDay, "mm_page_free", 1, "order=0");
  RecordingRequest request;
  request.trace = files.trace();
  const Recording recording(request);
  CHECK_THROWS_WITH_AS(read_with_moments(recording), doctest::Contains("did its clock jump?"), BadRecording);
}
