// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/side_events.h"

#include <doctest/doctest.h>

#include <fstream>

#include "list_reader.h"
#include "sim/recording/byte_source.h"
#include "temp_dir.h"
#include "toy_snapshot.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

std::filesystem::path written(const TempDir& dir, const std::string& text) {
  std::ofstream(dir.path() / "side.csv") << text;
  return dir.path() / "side.csv";
}

std::vector<SideEvent> all(std::unique_ptr<SideEvents> events) {
  std::vector<SideEvent> found;
  while (auto event = events->next()) {
    found.push_back(*event);
  }
  return found;
}

const std::string kHidden = "rec,t_ns,cpu,event,pfn,order,migratetype,extra\n";

TraceEvent at(std::int64_t micros) {
  TraceEvent event = toy_event(EventKind::free, 0, 0, Migratetype::movable);
  event.time = Ns{micros * 1000};
  return event;
}

}  // namespace

TEST_CASE("rows of hidden.csv become events with a place among the records") {
  const TempDir dir;
  const auto rows = all(open_hidden(written(
      dir, kHidden + "7,1500,1,bfree,1030,2,1,2\n7,1600,0,isolate,1032,3,-1,0\n9,1700,0,settype,1024,9,2,0\n")));
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].before == 7);
  CHECK(rows[0].event.kind == EventKind::buddy_free);
  CHECK(rows[0].event.pfn == Pfn{1030});
  CHECK(rows[0].event.order == Order{2});
  CHECK(rows[0].event.flag);
  CHECK(rows[0].event.cpu == 1);
  CHECK(rows[1].event.kind == EventKind::isolate);
  CHECK(rows[2].event.type == Migratetype::reclaimable);
  const auto large = all(open_hidden(written(dir, kHidden + "7,1500,300,bfree,1030,2,1,2\n")));
  CHECK(large.at(0).event.cpu == 300);
}

TEST_CASE("damaged rows are refused with their place") {
  const TempDir dir;
  CHECK_THROWS_WITH_AS(all(open_hidden(written(dir, "rec,t\n"))), doctest::Contains("header"), BadRecording);
  CHECK_THROWS_WITH_AS(all(open_hidden(written(dir, kHidden + "7,1500,1,bfree,1030,2,1\n"))),
                       doctest::Contains("at byte 47: line 2: 7 fields where 8 belong"), BadRecording);
  CHECK_THROWS_WITH_AS(all(open_hidden(written(dir, kHidden + "7,1500,1,magic,1030,2,1,0\n"))),
                       doctest::Contains("magic"), BadRecording);
  CHECK_THROWS_AS(all(open_hidden(written(dir, kHidden + "7,1500,1,bfree,x,2,1,0\n"))), BadRecording);
  CHECK_THROWS_AS(all(open_hidden(written(dir, kHidden + "7,1500,1,bfree,1,99,1,0\n"))), BadRecording);
  CHECK_THROWS_WITH_AS(all(open_hidden(written(dir, kHidden + "7,1500,1,bfree,1,2,-2,0\n"))),
                       doctest::Contains("migratetype -2"), BadRecording);
  CHECK_THROWS_WITH_AS(all(open_hidden(written(dir, kHidden + "7,-5,1,bfree,1,2,1,0\n"))),
                       doctest::Contains("line 2: no clock shows such a time"), BadRecording);
  CHECK_THROWS_WITH_AS(all(open_hidden(written(dir, kHidden + "7,15,1,bfree,9999999999999,2,1,0\n"))),
                       doctest::Contains("no machine has pages"), BadRecording);
  CHECK_THROWS_WITH_AS(all(open_other(written(dir, "9223372036854775807 0 mm_compaction_begin pid=1\n"))),
                       doctest::Contains("line 1: no clock shows such a time"), BadRecording);
}

TEST_CASE("a file beside a recording that was cut within its last number is an error, not another number") {
  const TempDir dir;
  CHECK_THROWS_WITH_AS(all(open_hidden(written(dir, kHidden + "7,1500,1,bfree,1030,2,1,12"))),
                       doctest::Contains("line 2: the file ends inside a line"), BadRecording);
  CHECK_THROWS_WITH_AS(all(open_other(written(dir, "7 0 mm_compaction_begin pid=1"))),
                       doctest::Contains("line 1: the file ends inside a line"), BadRecording);
}

TEST_CASE("CPUs that the recording cannot have are refused with their line") {
  const TempDir dir;
  CHECK_THROWS_WITH_AS(all(open_hidden(written(dir, kHidden + "7,1500,4,bfree,1030,2,1,0\n"), 4)),
                       doctest::Contains("line 2: CPU 4: this recording has those below 4"), BadRecording);
  CHECK_THROWS_WITH_AS(all(open_other(written(dir, "7 70000 mm_compaction_begin pid=1\n"))),
                       doctest::Contains("line 1: CPU 70000: this recording has those below 8192"), BadRecording);
}

TEST_CASE("rows out of order take their places all the same, hold nothing back and are counted") {
  const TempDir dir;
  const auto events = open_hidden(written(dir, kHidden + "5,50,0,bfree,1,0,1,0\n999999,51,0,bfree,2,0,1,0\n"
                                                         "4,40,0,bfree,3,0,1,0\n6,61,0,bfree,4,0,1,0\n"
                                                         "6,60,0,bfree,5,0,1,0\n"));
  std::vector<std::uint64_t> pages;
  while (const auto event = events->next()) {
    pages.push_back(event->event.pfn.value);
  }
  CHECK(pages == std::vector<std::uint64_t>{3, 1, 5, 4, 2});
  CHECK(events->oddities().count("hidden_rows_out_of_order") == 2);
  const auto other = open_other(written(dir, "7 0 mm_compaction_begin pid=1\n5 1 mm_compaction_begin pid=1\n"));
  CHECK(other->next()->event.time == Ns{5});
  CHECK(other->next()->event.time == Ns{7});
  CHECK(other->oddities().count("other_lines_out_of_order") == 1);
}

TEST_CASE("a row that repeats another is dropped and counted, wherever it stands") {
  const TempDir dir;
  const std::string row = "5,50,0,bfree,1,0,1,0\n";
  const auto events = open_hidden(written(dir, kHidden + row + "7,70,0,bfree,2,0,1,0\n" + row + row));
  CHECK(events->next()->event.pfn == Pfn{1});
  CHECK(events->next()->event.pfn == Pfn{2});
  CHECK_FALSE(events->next());
  CHECK(events->oddities().count("hidden_rows_doubled") == 2);
}

TEST_CASE("what is odd about files beside a recording is told with what is odd about it") {
  const TempDir dir;
  std::vector<std::unique_ptr<SideEvents>> sides;
  sides.push_back(open_other(written(dir, "7 0 mm_compaction_begin pid=1\n5 1 mm_compaction_begin pid=1\n")));
  const MergedReader merged(std::make_unique<ListReader>(std::vector{at(1)}), std::move(sides));
  CHECK(merged.oddities().count("other_lines_out_of_order") == 1);
}

TEST_CASE("events of compaction are taken out of other.txt") {
  const TempDir dir;
  const auto rows = all(open_other(written(dir,
                                           "5 0 MARK start\n7 1 mm_compaction_begin pid=1 zone_start=4096 sync=0\n"
                                           "9 0 mm_compaction_isolate_freepages pid=1 start_pfn=1024 end_pfn=1032 "
                                           "nr_scanned=8 nr_taken=3\n")));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].event.kind == EventKind::compaction);
  CHECK(rows[0].event.time == Ns{7});
  CHECK(rows[1].event.kind == EventKind::isolate_range);
  CHECK(rows[1].event.to == Pfn{1032});
  CHECK(rows[1].event.gfp == 3);
  CHECK(all(open_other(written(dir, ""))).empty());
  const std::string line =
      "9 0 mm_compaction_fast_isolate_freepages pid=39 start_pfn=-9223372036854676480 end_pfn=99328 nr_scanned=9 "
      "nr_taken=0\n";
  const auto wrapped = all(open_other(written(dir, line)));
  CHECK_FALSE(wrapped.at(0).event.has_pfn);
  CHECK(task_of(wrapped.at(0).event) == 39);
}

TEST_CASE("side events take their places by record or by time, and none is lost at the end") {
  const TempDir dir;
  std::vector<std::unique_ptr<SideEvents>> sides;
  sides.push_back(open_hidden(written(dir, kHidden + "1,1500,0,bfree,1025,0,1,0\n9,9500,0,bfree,1026,0,1,0\n")));
  std::ofstream(dir.path() / "other.txt") << "2500 0 mm_compaction_begin pid=1\n";
  sides.push_back(open_other(dir.path() / "other.txt"));
  MergedReader merged(std::make_unique<ListReader>(std::vector{at(1), at(2), at(3)}), std::move(sides));
  std::vector<TraceEvent> batch;
  while (merged.next_batch(batch)) {
  }
  std::vector<EventKind> kinds;
  for (const TraceEvent& event : batch) {
    kinds.push_back(event.kind);
  }
  using enum EventKind;
  CHECK(kinds == std::vector{free, buddy_free, free, compaction, free, buddy_free});
}

TEST_CASE("pages that nothing announced are allocations of one page at the time they left") {
  const std::vector<UntracedStay> stays{{toy_page(3), Ns{1500}, Ns{2500}}, {toy_page(4), Ns{1600}, Ns::max()}};
  const auto sides = all(untraced_events(stays));
  REQUIRE(sides.size() == 2);
  CHECK(sides[0].event.kind == EventKind::alloc);
  CHECK_FALSE(sides[0].event.announced);
  CHECK(sides[0].event.pfn == toy_page(3));
  CHECK(sides[0].event.order == Order{0});
  CHECK(sides[0].event.time == Ns{1500});
  CHECK(sides[1].event.time == Ns{1600});
}

TEST_CASE("a file beside a trace is found packed or not") {
  const TempDir dir;
  CHECK_FALSE(file_beside(dir.path() / "events.pgt", "hidden.csv"));
  std::ofstream(dir.path() / "hidden.csv.xz") << "x";
  CHECK(file_beside(dir.path() / "events.pgt", "hidden.csv") == dir.path() / "hidden.csv.xz");
}
