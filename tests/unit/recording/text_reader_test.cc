// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/text_reader.h"

#include <doctest/doctest.h>

#include <array>
#include <fstream>

#include "recordings.h"
#include "sim/metrics/ftrace_writer.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/event_reader.h"
#include "sim/recording/open_trace.h"
#include "sim/recording/trace_line.h"
#include "temp_dir.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** A trace file with @text in it. */
struct TextTrace {
  explicit TextTrace(const std::string& text) : path(dir.path() / "trace.txt") {
    std::ofstream(path, std::ios::binary) << text;
  }
  TempDir dir{};
  std::filesystem::path path;
};

std::string error_of(const std::string& text) {
  const TextTrace trace(text);
  try {
    read_all(*open_trace(trace.path));
  } catch (const BadRecording& bad) {
    return bad.what();
  }
  return {};
}

TraceFilter all_events() {
  TraceFilter filter;
  REQUIRE(filter.choose("*"));
  return filter;
}

constexpr std::string_view kFields =
    "page=0xffffea0000774000 pfn=0x1dd00 order=2 migratetype=1 gfp_flags=GFP_KERNEL|__GFP_COMP\n";

TraceEvent only_event(const std::string& text) {
  const TextTrace trace(text);
  const auto events = read_all(*open_trace(trace.path));
  REQUIRE(events.size() == 1);
  return events.front();
}

}  // namespace

TEST_CASE("trace-cmd report prints the events that trace.dat holds") {
  CHECK(same_events(read_all(*open_trace(recording("small-report.txt.xz"))),
                    read_all(*open_trace(recording("small-v6.dat")))));
}

TEST_CASE("what a run writes with --trace ftrace is read like the report of trace-cmd") {
  namespace tp = tracepoint;
  const TempDir dir;
  FtraceWriter writer(dir.path() / "trace.txt", 4, TraceBudget(1 << 20, Ns{1'000'000'000}), all_events());
  const ExtfragEvent fallback{Pfn{0x4200}, Order{2}, Order{9}, Migratetype::reclaimable, Migratetype::movable, true};
  const std::vector<Tracepoint> written{
      tp::PageZoneLocked{Pfn{0x4200}, Order{2}, Migratetype::reclaimable, true},
      tp::Extfrag{fallback, Order{9}},
      tp::PageAlloc{Pfn{0x4200}, Order{2}, Migratetype::reclaimable, "GFP_KERNEL|__GFP_RECLAIMABLE"},
      tp::PageFree{Pfn{0x4200}, Order{2}},
      tp::PagePcpuDrain{Pfn{0x4200}, Order{2}, Migratetype::reclaimable}};
  for (const Tracepoint& point : written) {
    writer.record({Ns{1'500'000}, CpuId{3}, {"networking-skbs", 101, false}, point});
  }
  writer.flush();
  const auto reader = open_trace(dir.path() / "trace.txt");
  const std::vector<TraceEvent> events = read_all(*reader);
  REQUIRE(events.size() == written.size());
  constexpr std::array kKinds{EventKind::zone_locked, EventKind::extfrag, EventKind::alloc, EventKind::free,
                              EventKind::pcpu_drain};
  for (std::size_t i = 0; i < events.size(); ++i) {
    CHECK(events[i].kind == kKinds[i]);
    CHECK(events[i].pfn == Pfn{0x4200});
    CHECK(events[i].order == Order{2});
    CHECK(events[i].cpu == 3);
    CHECK(events[i].time == Ns{1'500'000});
  }
  CHECK(events[1].fallback_order == Order{9});
  CHECK(events[1].flag);
  CHECK(reader->oddities().counts().empty());
}

TEST_CASE("CPUs have their numbers on the largest machines, and a number that no kernel gives is an error") {
  const std::string fields(kFields);
  CHECK(only_event("   wl-159   [300]    16.435779: mm_page_alloc: " + fields).cpu == 300);
  CHECK(only_event("   wl-159   [8191] d..1. 16.435779: mm_page_alloc: " + fields).cpu == 8191);
  const std::string error = error_of("   wl-159   [001]    16.4: mm_page_alloc: " + fields +
                                     "   wl-159   [8192]    16.5: mm_page_alloc: " + fields);
  CHECK(error.ends_with("line 2: mm_page_alloc on CPU 8192, which no kernel has"));
}

TEST_CASE("trace-cmd, perf and tracefs lines are one grammar") {
  struct Case {
    const char* start;
    std::int64_t nanoseconds;
    const char* format;
  };
  for (const Case& line : {
           Case{"cpus=2\n   wl-159   [001]    16.435779: mm_page_alloc:        ", 16'435'779'000, "trace-cmd text"},
           Case{"   wl-159   [001] d..1. 16.435779: mm_page_alloc: ", 16'435'779'000, "trace-cmd text"},
           Case{"a [1] b   159 [001]    16.435779123: kmem:mm_page_alloc: ", 16'435'779'123, "perf text"},
           Case{"# tracer: nop\n#\n   wl-159  ( 12)  [001] .....  16.435779: mm_page_alloc: ", 16'435'779'000,
                "tracefs text"},
       }) {
    const std::string text = line.start + std::string(kFields);
    CAPTURE(text);
    const TraceEvent event = only_event(text);
    CHECK(event.kind == EventKind::alloc);
    CHECK(event.cpu == 1);
    CHECK(event.time == Ns{line.nanoseconds});
    CHECK(event.pfn == Pfn{0x1dd00});
    CHECK(event.order == Order{2});
    CHECK(event.type == Migratetype::movable);
    CHECK(event.gfp == 0x40cc0);
    const TextTrace trace(text);
    CHECK(open_trace(trace.path)->origin().format == line.format);
  }
}

TEST_CASE("a failed attempt has page 0 in text") {
  const TraceEvent event = only_event(
      "wl-1 [000] 1.5: mm_page_alloc: page=0x0 pfn=0x0 order=4 migratetype=0 gfp_flags=GFP_NOWAIT\n");
  CHECK_FALSE(event.has_pfn);
}

TEST_CASE("fallbacks and compaction's isolations carry both of their sides") {
  const TraceEvent fallback = only_event(
      "wl-1 [000] 1.5: mm_page_alloc_extfrag: page=0x9 pfn=0x1200 alloc_order=0 fallback_order=9 pageblock_order=9 "
      "alloc_migratetype=0 fallback_migratetype=1 fragmenting=0 change_ownership=1\n");
  CHECK(fallback.fallback_order == Order{9});
  CHECK(fallback.fallback_type == Migratetype::movable);
  CHECK(fallback.type == Migratetype::unmovable);
  CHECK(fallback.flag);
  const TraceEvent range = only_event(
      "wl-1 [000] 1.5: mm_compaction_isolate_freepages: range=(0x200 ~ 0x400) nr_scanned=512 nr_taken=31\n");
  CHECK(range.pfn == Pfn{0x200});
  CHECK(range.to == Pfn{0x400});
  CHECK(range.scanned == 512);
  CHECK(pages_taken(range) == NrPages{31});
}

TEST_CASE("steps of a compaction tell the task, what was looked at, and whether it goes on") {
  const TraceEvent search = only_event(
      "kcompactd0-40 [001] 1.5: mm_compaction_fast_isolate_freepages: range=(0x200 ~ 0x4000) nr_scanned=258 "
      "nr_taken=256\n");
  CHECK(task_of(search) == 40);
  CHECK(search.order == Order{8});
  CHECK(search.scanned == 258);
  CHECK(search.to == Pfn{0x4000});
  const TraceEvent begun = only_event(
      "   wl   7 [000] 1.5: compaction:mm_compaction_begin: zone_start=0x1000 migrate_pfn=0x1200 free_pfn=0x9000 "
      "zone_end=0xa000, mode=async\n");
  CHECK(task_of(begun) == 7);
  CHECK(begun.pfn == Pfn{0x1200});
  CHECK(begun.to == Pfn{0x9000});
  const TraceEvent checked = only_event(
      "wl-1 [000] 1.5: mm_compaction_finished: node=0 zone=DMA32 order=-1 ret=no_suitable_page\n");
  CHECK(checked.flag);
  CHECK(checked.order == Order{0});
}

TEST_CASE("lost, foreign and unreadable lines are counted by kind") {
  const TextTrace trace(
      "# tracer: nop\n# entries-in-buffer/entries-written: 205/1000   #P:2\n"
      "wl-1 [000] 1.5: mm_page_free: page=0x9 pfn=0x1200 order=0\n"
      "CPU:1 [LOST 12 EVENTS]\nCPU:0 [3 EVENTS DROPPED]\nCPU:1 [LOST EVENTS]\n"
      "wl-1 [000] 1.6: sched_switch: prev_comm=a\nwhat is this\n => __free_pages\n"
      "   wl-1 [000] 1.7 mm_page_free\n\tffffffff8112 __free_pages (vmlinux)\n");
  const auto reader = open_trace(trace.path);
  CHECK(read_all(*reader).size() == 1);
  const auto counts = reader->oddities().counts();
  CHECK(counts.at("lost_events") == 795 + 12 + 3 + 1);
  CHECK(counts.at("other_events") == 1);
  CHECK(counts.at("unreadable_lines") == 2);
}

TEST_CASE("events out of order are kept, doubled ones are dropped, both are counted") {
  const std::string free = "wl-1 [000] 1.5: mm_page_free: page=0x9 pfn=0x1200 order=0\n";
  const TextTrace trace(free + free + "wl-1 [001] 1.4: mm_page_free: page=0x9 pfn=0x1300 order=0\n");
  const auto reader = open_trace(trace.path);
  CHECK(read_all(*reader).size() == 2);
  CHECK(reader->oddities().counts().at("out_of_order") == 1);
  CHECK(reader->oddities().counts().at("doubled") == 1);
}

TEST_CASE("a trace of other events is an error that says which are needed") {
  CHECK(error_of("wl-1 [000] 1.5: sched_switch: prev_comm=a\n").find("kmem:mm_page_alloc") != std::string::npos);
}

TEST_CASE("damage and foreign files are errors with line and byte") {
  const std::string good = "wl-1 [000] 1.5: mm_page_free: page=0x9 pfn=0x1200 order=0\n";
  const auto says = [&](const std::string& text, std::string_view part) {
    const std::string error = error_of(text);
    CAPTURE(error);
    CHECK(error.find(part) != std::string::npos);
  };
  says(good + "wl-1 [000] 1.5: mm_page_free: page=0x9 pfn=0x1200 order=77\n",
       "at byte 58: line 2: mm_page_free has order=77, which no kernel writes");
  says(good + "wl-1 [000] 1.5: mm_page_free: page=0x9 order=1\n", "mm_page_free without pfn");
  for (const std::size_t length : {good.size() - 1, good.size() / 2, std::size_t{3}}) {
    says(good + good.substr(0, length), "line 2: the file ends inside a line");
  }
  says("a letter\nto nobody\n", "this is no trace that can be read");
  says(std::string("\x7f" "ELF\0\0\0\0binary", 14), "this is no trace that can be read");
  says("", "the file is empty");
  says(good + std::string(70'000, 'x') + "\n", "at byte 58: line 2: a line of more than 65536 bytes");
  says(good + std::string(70'000, ' '), "at byte 58: line 2: a line of more than 65536 bytes");
}
