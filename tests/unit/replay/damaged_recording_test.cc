// SPDX-License-Identifier: GPL-2.0-or-later
// Damage of every kind of file ends in an error with a place, or in events that a replay survives; never in a crash.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>

#include "list_reader.h"
#include "recordings.h"
#include "sim/base/random.h"
#include "sim/mm/invariants.h"
#include "sim/replay/allocs_replay.h"
#include "sim/recording/byte_source.h"
#include "sim/replay/lock_step.h"
#include "sim/recording/open_trace.h"
#include "sim/recording/proc_snapshot.h"
#include "sim/replay/recorded_pcps.h"
#include "sim/recording/side_events.h"
#include "sim/recording/snapshot_set.h"
#include "sim/replay/zone_alignment.h"
#include "temp_dir.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace fs = std::filesystem;

namespace {

constexpr int kRounds = 200;

void write(const fs::path& file, const std::string& content) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

std::string damaged(std::string content, RandomStream& random) {
  for (int hit = 0; hit < 4; ++hit) {
    content[random.below(content.size())] = static_cast<char>(random.below(256));
  }
  return random.chance(0.25) ? content.substr(0, random.below(content.size())) : content;
}

/** What @read says of a damaged file; whatever else it throws fails the test. */
template <class Read>
void survives(Read&& read) {
  try {
    read();
  } catch (const BadRecording& bad) {
    CHECK(std::string(bad.what()).find(": error: at byte ") != std::string::npos);
  }
}

/** A zone's words, as a kernel module dumps them. */
std::string pgsnap_bytes() {
  std::vector<std::uint32_t> words{0x50414e53, 0, 1, 64, 16, 16, 15, 3, 7000, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  words.insert(words.end(), {2, 5, 14, 1, 1, 0, 1, 70, 0, 0, 0, 0, 0, 0, 0, 1, 72});
  words.insert(words.end(), {0, 2, 31, 8, 2, 65, 66});
  words.insert(words.end(), 13, 0);
  words.insert(words.end(), {8, 1, 1, 1, 1, 1, 1, 9, 4});
  words[1] = static_cast<std::uint32_t>(words.size());
  return {reinterpret_cast<const char*>(words.data()), words.size() * sizeof words[0]};
}

/** Where contradictory events begin. */
KernelSnapshot contradicted() {
  KernelSnapshot snapshot = toy_snapshot("UMMMRMMM");
  add_free(snapshot, 0, Migratetype::unmovable, {1, 3});
  add_free(snapshot, 4, Migratetype::movable, {16, 48});
  return snapshot;
}

/** Events of every kind about any page, in a zone or not, in any order. */
TraceEvent random_event(RandomStream& random) {
  const auto any_of = [&](std::uint64_t bound) { return static_cast<unsigned>(random.below(bound)); };
  TraceEvent event = toy_event(static_cast<EventKind>(any_of(kNrEventKinds)), any_of(80), any_of(5),
                               static_cast<Migratetype>(any_of(kNrPcpTypes)), any_of(3));
  event.order = random.chance(0.02) ? Order{18} : event.order;
  event.pfn = random.chance(0.02) ? Pfn{random.below(1U << 31)} : event.pfn.align_down(event.order);
  event.to = toy_page(any_of(80));
  event.flag = random.chance(0.5);
  event.has_pfn = random.chance(0.95);
  event.fallback_order = Order{any_of(5)};
  event.fallback_type = static_cast<Migratetype>(any_of(kNrPcpTypes));
  event.time = Ns{any_of(1000)};
  return event;
}

}  // namespace

TEST_CASE("a damaged pgsnap is an error or a snapshot that a memory can be made of") {
  RandomStream random(1, "damage");
  const std::string whole = pgsnap_bytes();
  REQUIRE(parse_pgsnap(whole, "pgsnap").zones.size() == 1);
  for (int round = 0; round < kRounds; ++round) {
    const std::string content = damaged(whole, random);
    survives([&] {
      const KernelSnapshot snapshot = parse_pgsnap(content, "pgsnap");
      REQUIRE(snapshot.zones[0].spanned < NrPages{1000});
      ToyReplayWorld world(snapshot, KernelVersion::v6_1, PcpLoad::lists);
      check_memory(*world.memory);
    });
  }
}

TEST_CASE("damaged texts of /proc are an error or counts that are drawn") {
  const test::TempDir dir;
  RandomStream random(2, "damage");
  const std::string zoneinfo =
      "Node 0, zone DMA32\n  pages free 30\n boost 0\n min 10\n low 20\n high 40\n spanned 4096\n present 4096\n"
      " managed 4000\n protection: (0, 7, 8, 9, 9)\n pagesets\n cpu: 0\n count: 3\n high: 63\n batch: 15\n"
      " start_pfn: 4096\n";
  const std::string types =
      "Page block order: 2\nNode 0, zone DMA32, type Unmovable 4 0 1\nNode 0, zone DMA32, type Movable 2 9 0\n"
      "Number of blocks type Unmovable Movable\nNode 0, zone DMA32 24 1000\n";
  for (int round = 0; round < kRounds; ++round) {
    write(dir.path() / "zoneinfo", round % 2 == 0 ? zoneinfo : damaged(zoneinfo, random));
    write(dir.path() / "pagetypeinfo", damaged(types, random));
    survives([&] { draw_snapshot(read_proc_files(dir.path()), FirstUses{}, 1, dir.path()); });
  }
}

TEST_CASE("damaged rows of files beside a recording are an error with the place of the row") {
  const test::TempDir dir;
  RandomStream random(3, "damage");
  const auto hidden = [](const fs::path& file) { return open_hidden(file); };
  const auto untraced = [](const fs::path& file) { return open_untraced(file, Ns{0}); };
  const auto other = [](const fs::path& file) { return open_other(file); };
  const std::array<std::pair<std::string, std::function<std::unique_ptr<SideEvents>(const fs::path&)>>, 3> files{{
      {"rec,t_ns,cpu,event,pfn,order,migratetype,extra\n0,10,0,bfree,1030,4,1,0\n3,20,1,isolate,1040,2,1,\n", hidden},
      {"t_zone_locked_us,t_free_us,pfn\n10,20,1030\n15,,1040\n", untraced},
      {"10 0 mm_compaction_begin pid=33 zone_start=1 migrate_pfn=1 free_pfn=3584 zone_end=4096 sync=1\n", other},
  }};
  for (const auto& [rows, open] : files) {
    for (int round = 0; round < kRounds; ++round) {
      write(dir.path() / "rows", damaged(rows, random));
      survives([&] {
        const auto events = open(dir.path() / "rows");
        while (events->next()) {
        }
      });
    }
  }
}

TEST_CASE("a directory of damaged snapshots is an error with the file's name") {
  const test::TempDir dir;
  write(dir.path() / "001_start/pgsnap", pgsnap_bytes().substr(0, 50));
  const SnapshotSet set(dir.path());
  CHECK_THROWS_WITH_AS(set.load(set.start(Ns{0}), 1), doctest::Contains("001_start/pgsnap: error: at byte 48"),
                       BadRecording);
}

TEST_CASE("allocator mode survives calls that contradict each other, and its counts stay true") {
  RandomStream random(5, "damage");
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    ToyReplayWorld world(contradicted(), kernel, PcpLoad::lists);
    const UntracedPages untraced;
    AllocsReplay replay(*world.memory, untraced);
    for (int i = 0; i < 3000; ++i) {
      TraceEvent event = random_event(random);
      event.gfp = random.chance(0.5) ? 0x100cca : 0xcc0;  // GFP_HIGHUSER_MOVABLE, GFP_KERNEL
      event.time = Ns{i * std::int64_t{10'000'000}};
      replay.feed(event);
    }
    replay.flush();
    CHECK(replay.counts().events == 3000);
    CHECK_NOTHROW(check_memory(*world.memory));
  }
}

TEST_CASE("a model can be led back at any point of events that contradict each other") {
  RandomStream random(5, "damage");
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    ToyReplayWorld model(contradicted(), kernel, PcpLoad::lists);
    ToyReplayWorld followed(contradicted(), kernel);
    const UntracedPages untraced;
    AllocsReplay replay(*model.memory, untraced, AllocsReplay::LeadBack::by_lists);
    LockStep lock_step(*followed.memory, {});
    RecordedPcps pcps(*followed.memory, *model.memory);
    std::vector<TraceEvent> events;
    std::generate_n(std::back_inserter(events), 3000, [&] { return random_event(random); });
    ListReader reader(events);
    EventWindow window(reader);
    ZoneAlignment alignment(model.zone(), followed.zone(), pcps);
    for (const TraceEvent* event = window.next(); event != nullptr; event = window.next()) {
      replay.feed(*event);
      lock_step.feed(*event, 0, window);
      pcps.feed(*event, window.ahead(event->cpu));
      if (replay.is_lost()) {
        alignment.run();
        replay.note_led_back();
      }
    }
    CHECK_NOTHROW(check_memory(*model.memory));
  }
}

TEST_CASE("lock-step survives events in any order that contradict each other, and its counts stay true") {
  RandomStream random(4, "damage");
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    for (const bool knows_hidden : {false, true}) {
      ToyReplayWorld world(contradicted(), kernel);
      std::vector<TraceEvent> events;
      std::generate_n(std::back_inserter(events), 5000, [&] { return random_event(random); });
      LockStep lock_step(*world.memory, {knows_hidden, knows_hidden, {}, std::nullopt});
      ListReader reader(events);
      EventWindow window(reader);
      std::uint64_t number = 0;
      for (const TraceEvent* event = window.next(); event != nullptr; event = window.next()) {
        lock_step.feed(*event, number++, window);
      }
      lock_step.settle();
      CHECK(lock_step.counts().events == 5000);
      CHECK_NOTHROW(check_memory(*world.memory));
    }
  }
}
