// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/read_ahead.h"

#include <doctest/doctest.h>

#include "counting_trace.h"

using namespace gbsim;
using test::CountingTrace;

TEST_CASE("reading ahead gives every event once and in order") {
  for (const std::uint64_t total : {0U, 1U, 4096U, 100'000U}) {
    ReadAhead reader(std::make_unique<CountingTrace>(total, 1000));
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

TEST_CASE("damage is told once what precedes it was given") {
  ReadAhead reader(std::make_unique<CountingTrace>(50'000, 4999, true));
  std::vector<TraceEvent> events;
  const auto read_all = [&] {
    while (reader.next_batch(events)) {
    }
  };
  CHECK_THROWS_AS(read_all(), BadRecording);
  CHECK(events.size() == 50'000);
  CHECK_FALSE(reader.next_batch(events));
}

TEST_CASE("a reader may go before its recording ends") {
  ReadAhead reader(std::make_unique<CountingTrace>(1'000'000, 100));
  std::vector<TraceEvent> events;
  CHECK(reader.next_batch(events));
}
