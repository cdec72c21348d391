// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/read_ahead.h"

#include <doctest/doctest.h>

#include "sim/recording/byte_source.h"

using namespace gbsim;

namespace {

/** @total events in batches of @each; then the end, or damage. */
class CountingReader : public EventReader {
 public:
  CountingReader(std::uint64_t total, std::uint64_t each, bool damaged = false)
      : total_(total), each_(each), damaged_(damaged) {}

  bool next_batch(std::vector<TraceEvent>& batch) override {
    if (given_ == total_ && damaged_) {
      throw BadRecording("trace", given_, "damaged");
    }
    const std::uint64_t end = std::min(total_, given_ + each_);
    const bool any = given_ < end;
    for (; given_ < end; ++given_) {
      batch.emplace_back().pfn = Pfn{given_};
    }
    return any;
  }
  EventTally oddities() const override {
    EventTally tally;
    tally.add("read", given_);
    return tally;
  }

 private:
  std::uint64_t total_;
  std::uint64_t each_;
  bool damaged_;
  std::uint64_t given_ = 0;
};

}  // namespace

TEST_CASE("reading ahead gives every event once and in order") {
  for (const std::uint64_t total : {0U, 1U, 4096U, 100'000U}) {
    ReadAhead reader(std::make_unique<CountingReader>(total, 1000));
    std::vector<TraceEvent> events;
    while (reader.next_batch(events)) {
      CHECK(reader.oddities().count("read") == events.size());
    }
    CHECK_FALSE(reader.next_batch(events));
    REQUIRE(events.size() == total);
    for (std::uint64_t i = 0; i < total; ++i) {
      REQUIRE(events[i].pfn == Pfn{i});
    }
  }
}

TEST_CASE("damage is told to whoever asks for the batch it lies in") {
  ReadAhead reader(std::make_unique<CountingReader>(50'000, 5000, true));
  std::vector<TraceEvent> events;
  const auto read_all = [&] {
    while (reader.next_batch(events)) {
    }
  };
  CHECK_THROWS_AS(read_all(), BadRecording);
  CHECK_FALSE(events.empty());
}

TEST_CASE("a reader may go before its recording ends") {
  ReadAhead reader(std::make_unique<CountingReader>(1'000'000, 100));
  std::vector<TraceEvent> events;
  CHECK(reader.next_batch(events));
}
