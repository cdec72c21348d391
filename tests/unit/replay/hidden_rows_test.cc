// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/hidden_rows.h"

#include <doctest/doctest.h>

#include <fstream>

#include "recordings.h"
#include "sim/replay/byte_source.h"
#include "temp_dir.h"
#include "toy_snapshot.h"

using namespace gbsim;

namespace {

/** Three frees of pages 0, 1 and 2 of a toy snapshot, in two batches. */
class ThreeFrees : public EventReader {
 public:
  bool next_batch(std::vector<TraceEvent>& batch) override {
    for (const unsigned end = given_ == 0 ? 2 : 3; given_ < end; ++given_) {
      batch.push_back(test::toy_event(EventKind::free, given_, 0, Migratetype::movable));
    }
    return ++calls_ <= 2;
  }

 private:
  unsigned given_ = 0;
  unsigned calls_ = 0;
};

struct HiddenFile {
  explicit HiddenFile(const std::string& rows) : path(dir.path() / "hidden.csv") {
    std::ofstream(path) << "rec,t_ns,cpu,event,pfn,order,migratetype,extra\n" << rows;
  }
  test::TempDir dir{};
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("hidden rows stand before the event whose number they bear, the last behind all") {
  const HiddenFile file("1,50,1,bfree,7,4,2,2\n1,51,0,isolate,8,0,-1,0\n3,60,0,settype,512,9,4,0\n");
  const auto reader = with_hidden_rows(std::make_unique<ThreeFrees>(), file.path);
  const std::vector<TraceEvent> events = test::read_all(*reader);
  REQUIRE(events.size() == 6);
  CHECK(events[0].kind == EventKind::free);
  CHECK(events[1].kind == EventKind::buddy_free);
  CHECK(events[1].flag);
  CHECK(events[1].type == Migratetype::reclaimable);
  CHECK(events[2].kind == EventKind::isolate);
  CHECK(events[5].kind == EventKind::set_type);
  CHECK(events[5].type == Migratetype::isolate);
}

TEST_CASE("a row that cannot be read is refused with its offset") {
  const HiddenFile file("0,50,1,bfree,7,four,2,0\n");
  CHECK_THROWS_AS(with_hidden_rows(std::make_unique<ThreeFrees>(), file.path), BadRecording);
  const HiddenFile unknown("0,50,1,reclaim,7,4,2,0\n");
  CHECK_THROWS_AS(with_hidden_rows(std::make_unique<ThreeFrees>(), unknown.path), BadRecording);
}

TEST_CASE("the first compaction is the first mm_compaction_begin of other.txt") {
  test::TempDir dir;
  std::ofstream(dir.path() / "other.txt") << "100 0 mm_compaction_kcompactd_sleep nid=0\n"
                                             "200 1 mm_compaction_begin a=1\n300 1 mm_compaction_begin a=2\n";
  CHECK(first_compaction(dir.path() / "other.txt") == Ns{200});
  std::ofstream(dir.path() / "none.txt") << "100 0 MARK start\n";
  CHECK_FALSE(first_compaction(dir.path() / "none.txt"));
  CHECK(beside(dir.path() / "events.pgt.xz", "other.txt") == dir.path() / "other.txt");
  CHECK_FALSE(beside(dir.path() / "events.pgt.xz", "hidden.csv"));
}
