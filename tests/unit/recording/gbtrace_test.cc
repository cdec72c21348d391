// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/gbtrace.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <algorithm>
#include <fstream>

#include "recordings.h"
#include "sim/recording/archive_contents.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/open_trace.h"
#include "sim/recording/record_plan.h"
#include "sim/recording/recorded_files.h"
#include "temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;
namespace fs = std::filesystem;

TEST_CASE("an archive gives back what was packed, and its trace reads directly") {
  const TempDir dir;
  fs::create_directories(dir.path() / "in/snaps/000_start");
  fs::copy_file(recording("small-v7-zstd.dat"), dir.path() / "in/trace.dat");
  std::ofstream(dir.path() / "in/snaps/000_start/buddyinfo") << "Node 0\n";
  const fs::path archive = dir.path() / "a.gbtrace";
  pack_gbtrace(dir.path() / "in", archive);
  CHECK(is_gbtrace(archive));
  CHECK_FALSE(is_gbtrace(recording("small-v6.dat")));
  CHECK(RecordedFiles::unpack(archive).text("snaps/000_start/buddyinfo") == "Node 0\n");
  CHECK(same_events(read_all(*open_trace(archive)), read_all(*open_trace(recording("small-v6.dat")))));
}

TEST_CASE("an archive cut short is refused") {
  const TempDir dir;
  fs::create_directories(dir.path() / "in");
  fs::copy_file(recording("small-v6.dat"), dir.path() / "in/trace.dat");
  pack_gbtrace(dir.path() / "in", dir.path() / "a.gbtrace");
  const std::string whole = read_text(dir.path() / "a.gbtrace");
  std::ofstream(dir.path() / "cut.gbtrace", std::ios::binary) << whole.substr(0, whole.size() / 2);
  CHECK_THROWS_WITH_AS(RecordedFiles::unpack(dir.path() / "cut.gbtrace"), doctest::Contains("cut short"),
                       BadRecording);
}

TEST_CASE("a flipped bit anywhere in an archive is an error, or harms no member") {
  const TempDir dir;
  fs::create_directories(dir.path() / "in");
  const std::string content = "0123456789abcdef0123456789ABCDEF";
  std::ofstream(dir.path() / "in/trace.dat") << content;
  pack_gbtrace(dir.path() / "in", dir.path() / "a.gbtrace");
  const std::string whole = read_text(dir.path() / "a.gbtrace");
  int noticed = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    std::ofstream(dir.path() / "b.gbtrace", std::ios::binary) << flipped;
    CAPTURE(at);
    std::string unpacked = content;
    try {
      unpacked = RecordedFiles::unpack(dir.path() / "b.gbtrace").text("trace.dat");
    } catch (const BadRecording&) {
      ++noticed;
    }
    CHECK(unpacked == content);
  }
  CHECK(noticed > static_cast<int>(whole.size() / 2));
}

TEST_CASE("an archive packed anew lists what it has now, and one without a table is read as ever") {
  const TempDir dir;
  fs::create_directories(dir.path() / "in");
  std::ofstream(dir.path() / "in/trace.dat") << "events";
  std::ofstream(dir.path() / "in/contents.csv") << "bytes,crc32,path\n7,12345678,trace.dat\n";
  pack_gbtrace(dir.path() / "in", dir.path() / "a.gbtrace");
  CHECK(RecordedFiles::unpack(dir.path() / "a.gbtrace").text("trace.dat") == "events");
  const RecordedFiles old = RecordedFiles::unpack(recording("recordings/W2-6.1/snaps.tar.xz"));
  CHECK_FALSE(old.has(kContentsTable));
  CHECK_FALSE(old.names().empty());
}

TEST_CASE("the recording command asks for every event that replay uses, on the clock of the snapshots") {
  RecordPlan plan;
  plan.seconds = 7;
  plan.buffer_mib = 2;
  const std::string line = trace_cmd_line(plan, "t.dat");
  CHECK(line.starts_with("trace-cmd record -C mono -b 2048 -o t.dat -e kmem:mm_page_alloc -e kmem:mm_page_free "));
  CHECK(line.find("-e compaction:mm_compaction_begin") != std::string::npos);
  CHECK(line.find("mm_page_free_batched") == std::string::npos);
  CHECK(line.ends_with(" sleep 7"));
}

TEST_CASE("events that the kernel lacks are left out of the command") {
  const TempDir dir;
  RecordPlan plan;
  plan.tracefs = dir.path();
  for (const std::string_view event : {"mm_page_alloc", "mm_page_free", "mm_page_alloc_extfrag"}) {
    fs::create_directories(dir.path() / "events/kmem" / event);
  }
  const auto absent = absent_events(plan);
  CHECK(absent == std::vector<std::string>{"kmem:mm_page_alloc_zone_locked", "kmem:mm_page_pcpu_drain",
                                           "compaction:mm_compaction_isolate_freepages",
                                           "compaction:mm_compaction_fast_isolate_freepages",
                                           "compaction:mm_compaction_isolate_migratepages",
                                           "compaction:mm_compaction_migratepages",
                                           "compaction:mm_compaction_begin",
                                           "compaction:mm_compaction_finished",
                                           "compaction:mm_compaction_end"});
  const auto words = trace_cmd_words(plan, "t.dat", absent);
  CHECK(std::ranges::count(words, "-e") == 3);
  CHECK(std::ranges::find(words, "compaction:mm_compaction_begin") == words.end());
}

TEST_CASE("settings are copied under the paths that they have on the machine") {
  const TempDir dir;
  RecordPlan plan;
  plan.proc = dir.path() / "p";
  plan.sys = dir.path() / "s";
  fs::create_directories(plan.proc / "sys/vm");
  fs::create_directories(plan.sys / "kernel/mm/transparent_hugepage");
  std::ofstream(plan.proc / "sys/vm/watermark_boost_factor") << "0\n";
  std::ofstream(plan.sys / "kernel/mm/transparent_hugepage/enabled") << "always [madvise] never\n";
  keep_machine_files(plan, dir.path() / "kept");
  CHECK(read_text(dir.path() / "kept/proc/sys/vm/watermark_boost_factor") == "0\n");
  CHECK(read_text(dir.path() / "kept/sys/kernel/mm/transparent_hugepage/enabled") == "always [madvise] never\n");
  CHECK_FALSE(fs::exists(dir.path() / "kept/proc/cmdline"));
}

TEST_CASE("a snapshot copies what /proc has, and what is missing is said") {
  const TempDir dir;
  std::ofstream(dir.path() / "buddyinfo") << "Node 0, zone DMA 1\n";
  SnapshotTaker taker(dir.path(), dir.path() / "snaps");
  taker.take("start", Ns{5});
  CHECK(read_text(dir.path() / "snaps/000_start/buddyinfo") == "Node 0, zone DMA 1\n");
  CHECK_FALSE(fs::exists(dir.path() / "snaps/000_start/pgsnap"));
  CHECK(read_text(dir.path() / "snaps/index.csv") == "seq,label,t_ns\n0,start,5\n");
  RecordPlan plan;
  plan.tracefs = dir.path() / "tracing";
  CHECK(missing_for_recording(plan).find("mount -t tracefs") != std::string::npos);
  fs::create_directories(plan.tracefs / "events/kmem/mm_page_alloc");
  CHECK(missing_for_recording(plan).find("kmem:mm_page_free") != std::string::npos);
  fs::create_directories(plan.tracefs / "events/kmem/mm_page_free");
  CHECK(missing_for_recording(plan).empty());
}

TEST_CASE("files of an archive come one after the other, and one that is passed over does no harm") {
  const TempDir dir;
  fs::create_directories(dir.path() / "in/snaps");
  std::ofstream(dir.path() / "in/trace.dat") << "events";
  std::ofstream(dir.path() / "in/snaps/index.csv") << "seq";
  pack_gbtrace(dir.path() / "in", dir.path() / "packed");
  ArchiveReader reader(dir.path() / "packed");
  CHECK(reader.next() == "snaps/index.csv");
  CHECK(reader.next() == "trace.dat");
  const OpenFile nowhere(open("/dev/null", O_WRONLY));
  CHECK(reader.copy_to(nowhere) == 6);
  CHECK(reader.next() == kContentsTable);
  CHECK_FALSE(reader.next());
}
