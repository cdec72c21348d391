// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/pgt_reader.h"

#include <doctest/doctest.h>

#include <fstream>

#include "recordings.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/checked_reader.h"
#include "sim/recording/open_trace.h"
#include "temp_dir.h"

using namespace gbsim;

namespace {

void append(std::string& bytes, std::uint64_t value, unsigned width) {
  for (unsigned i = 0; i < width; ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i)));
  }
}

std::string header() {
  std::string bytes = "PGT1";
  append(bytes, 1, 4);
  append(bytes, 5000, 8);
  append(bytes, 0xcc0, 8);
  return bytes;
}

/** One block of @records with the six @columns. */
std::string block(unsigned records, const std::vector<std::string>& columns) {
  std::string bytes;
  append(bytes, records, 4);
  for (const std::string& column : columns) {
    append(bytes, column.size(), 4);
  }
  for (const std::string& column : columns) {
    bytes += column;
  }
  return bytes;
}

/** CPU 1 allocates page 5 (order 2, movable), CPU 0 has a fallback of page 3, and an attempt fails. */
std::string three_records() {
  return block(3, {std::string("\x10\x05\x80", 3), std::string("\x01\x02\x00", 3), std::string("\x0a\x06", 2),
                   std::string("\x22\x00\x09", 3), std::string("\x00\x00", 2), std::string("\x29\x01", 2)});
}

struct PgtFile {
  explicit PgtFile(const std::string& bytes) : path(dir.path() / "events.pgt") {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  test::TempDir dir{};
  std::filesystem::path path;
};

std::string error_of(const std::string& bytes) {
  const PgtFile file(bytes);
  try {
    test::read_all(*open_trace(file.path));
  } catch (const BadRecording& bad) {
    return bad.what();
  }
  return {};
}

}  // namespace

TEST_CASE("the columns of PGT1 become events") {
  const PgtFile file(header() + three_records());
  const auto events = test::read_all(*open_trace(file.path));
  REQUIRE(events.size() == 3);
  CHECK(events[0].kind == EventKind::alloc);
  CHECK(events[0].cpu == 1);
  CHECK(events[0].pfn == Pfn{5});
  CHECK(events[0].order == Order{2});
  CHECK(events[0].type == Migratetype::movable);
  CHECK(events[0].gfp == 0xcc0);
  CHECK(events[0].time == Ns{6000});
  CHECK(events[1].kind == EventKind::extfrag);
  CHECK(events[1].pfn == Pfn{3});
  CHECK(events[1].fallback_order == Order{9});
  CHECK(events[1].fallback_type == Migratetype::movable);
  CHECK_FALSE(events[2].has_pfn);
}

TEST_CASE("numbers of every length are read, in the middle of a column and at its end") {
  std::string pages;
  std::vector<std::uint64_t> expected;
  std::uint64_t last = 0;
  for (const unsigned shift : {0U, 5U, 6U, 12U, 13U, 20U, 27U, 34U, 38U}) {
    const std::uint64_t page = std::uint64_t{1} << shift;
    for (std::uint64_t left = (page - last) << 1U;; left >>= 7U) {
      pages.push_back(static_cast<char>(left >= 128 ? left | 128U : left));
      if (left < 128) {
        break;
      }
    }
    expected.push_back(page);
    last = page;
  }
  const auto records = static_cast<unsigned>(expected.size());
  const PgtFile file(header() + block(records, {std::string(records, '\x01'), std::string(records, '\x01'), pages,
                                                std::string(records, '\x00'), "", ""}));
  const auto events = test::read_all(*open_trace(file.path));
  REQUIRE(events.size() == records);
  for (unsigned i = 0; i < records; ++i) {
    CHECK(events[i].pfn == Pfn{expected[i]});
  }
}

TEST_CASE("damage to PGT1 is an error with the byte") {
  const std::string good = header() + three_records();
  CHECK(error_of(good).empty());
  for (const std::size_t cut : {6U, 20U, 40U, 60U}) {
    CHECK(error_of(good.substr(0, cut)).find("error: at byte ") != std::string::npos);
  }
  std::string foreign = good;
  foreign[0] = 'Q';
  CHECK(error_of(foreign).find("no trace that can be read") != std::string::npos);
  std::string many = good;
  many[27] = '\x7f';
  CHECK(error_of(many).find("a block of") != std::string::npos);
}

TEST_CASE("a recording that repeats an event is told by CheckedReader") {
  const PgtFile file(header() + block(2, {std::string("\x01\x01", 2), std::string("\x00\x00", 2),
                                          std::string("\x0a\x00", 2), std::string("\x00\x00", 2), "", ""}));
  CheckedReader reader(std::make_unique<PgtReader>(file.path), file.path);
  CHECK(test::read_all(reader).size() == 1);
  CHECK(reader.oddities().counts().at("doubled") == 1);
}

TEST_CASE("orders and migratetypes that no kernel has are errors") {
  const auto error_of_order = [](char order) {
    return error_of(header() + block(1, {std::string("\x01", 1), std::string("\x00", 1), std::string("\x02", 1),
                                         std::string(1, order), "", ""}));
  };
  CHECK(error_of_order('\x12').empty());
  CHECK(error_of_order('\x1f').find("that no kernel has in record 0, column 3") != std::string::npos);
  CHECK(error_of_order('\xe0').find("that no kernel has") != std::string::npos);
}

TEST_CASE("pages and times that no machine has are errors") {
  const auto error_of_free = [](const std::string& micros, const std::string& page) {
    return error_of(header() + block(1, {std::string("\x01", 1), micros, page, std::string("\x00", 1), "", ""}));
  };
  const std::string now("\x00", 1);
  const std::string far("\xff\xff\xff\xff\xff\xff\x7f", 7);
  const std::string before("\x01", 1);  // one page before page 0
  CHECK(error_of_free(now, std::string("\x02", 1)).empty());
  CHECK(error_of_free(now, far).find("a page that no machine has in record 0, column 2") != std::string::npos);
  CHECK(error_of_free(now, before).find("a page that no machine has") != std::string::npos);
  const std::string endless("\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 9);
  CHECK(error_of_free(endless, now).find("a time that no clock shows") != std::string::npos);
  std::string late = header() + three_records();
  late[15] = '\x7f';
  CHECK(error_of(late).find("begins at a time that no clock shows") != std::string::npos);
}

namespace {

/** Gives events at the times it was made of. */
class Times final : public TraceReader {
 public:
  explicit Times(std::vector<Ns> times) : times_(std::move(times)) {}
  bool next_batch(std::vector<TraceEvent>& batch) override {
    if (next_ == times_.size()) {
      return false;
    }
    batch.emplace_back().time = times_[next_++];
    return true;
  }
  void rewind() override { next_ = 0; }

 private:
  std::vector<Ns> times_;
  std::size_t next_ = 0;
};

}  // namespace

TEST_CASE("events before the clock began or centuries later are dropped and counted") {
  CheckedReader reader(std::make_unique<Times>(std::vector<Ns>{Ns{-1}, Ns{5}, Ns::max(), Ns::min(), Ns{6}}), "trace");
  CHECK(test::read_all(reader).size() == 2);
  CHECK(reader.oddities().counts().at("impossible_times") == 3);
  CHECK_FALSE(reader.oddities().counts().contains("out_of_order"));
}

TEST_CASE("a file that is not there and a directory are named as such") {
  const test::TempDir dir;
  CHECK_THROWS_WITH_AS(open_trace(dir.path() / "gone.pgt"), doctest::Contains("no such file"), BadRecording);
  CHECK_THROWS_WITH_AS(open_trace(dir.path()), doctest::Contains("this is a directory"), BadRecording);
}

TEST_CASE("a trace without an event of the page allocator is an error that says what to record") {
  CHECK(error_of(header()).find("record kmem:mm_page_alloc and kmem:mm_page_free") != std::string::npos);
}

TEST_CASE("compressed data that is damaged from its first block on is called damaged") {
  const test::TempDir dir;
  const auto file = dir.path() / "events.pgt.xz";
  const std::string magic("\xfd" "7zXZ\x00\x00\x04\xe6\xd6\xb4\x46", 12);
  std::ofstream(file, std::ios::binary) << magic << std::string(40, 'x');
  CHECK_THROWS_WITH_AS(open_trace(file), doctest::Contains("damaged or cut short"), BadRecording);
}
