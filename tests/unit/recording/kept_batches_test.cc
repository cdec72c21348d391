// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/kept_batches.h"

#include <doctest/doctest.h>

#include "counting_trace.h"

using namespace gbsim;

namespace {

constexpr std::uint64_t kEach = 3;  // events a batch

KeptBatches kept(std::uint64_t total, std::size_t& asked, bool is_damaged = false) {
  return KeptBatches(std::make_unique<test::CountingTrace>(total, kEach, is_damaged, &asked), 12);
}

/** Reads to the end; each event and what is known of oddities has to be as @total events in order have it. */
void check_reading(KeptBatches& reader, std::uint64_t total) {
  std::vector<TraceEvent> events(1);  // what a batch has already stays
  while (reader.next_batch(events)) {
    CHECK(reader.oddities().count("read") == events.size() - 1);
  }
  CHECK_FALSE(reader.next_batch(events));
  CHECK(reader.oddities().count("read") == total);
  REQUIRE(events.size() == total + 1);
  for (std::uint64_t i = 0; i < total; ++i) {
    CHECK(events[i + 1].pfn == Pfn{i});
  }
}

}  // namespace

TEST_CASE("a short trace is decoded once, however often it is read") {
  for (const std::uint64_t total : {0U, 1U, 7U, 12U}) {
    CAPTURE(total);
    std::size_t asked = 0;
    KeptBatches reader = kept(total, asked);
    check_reading(reader, total);
    const std::size_t once = asked;
    for (int reading = 0; reading < 2; ++reading) {
      reader.rewind();
      CHECK(reader.oddities().count("read") == 0);
      check_reading(reader, total);
    }
    CHECK(asked == once);
  }
}

TEST_CASE("a long trace is decoded at each reading") {
  std::size_t asked = 0;
  KeptBatches reader = kept(13, asked);
  check_reading(reader, 13);
  const std::size_t once = asked;
  reader.rewind();
  check_reading(reader, 13);
  CHECK(asked == 2 * once);
}

TEST_CASE("a quick trace is decoded at each reading") {
  struct Quick : test::CountingTrace {
    using CountingTrace::CountingTrace;
    bool is_quick() const override { return true; }
  };
  std::size_t asked = 0;
  KeptBatches reader(std::make_unique<Quick>(7, kEach, false, &asked));
  check_reading(reader, 7);
  const std::size_t once = asked;
  reader.rewind();
  check_reading(reader, 7);
  CHECK(asked == 2 * once);
}

TEST_CASE("a reading that was given up is not taken for all there is") {
  std::size_t asked = 0;
  KeptBatches reader = kept(7, asked);
  std::vector<TraceEvent> events;
  reader.next_batch(events);
  reader.rewind();
  check_reading(reader, 7);
  reader.rewind();
  check_reading(reader, 7);
}

TEST_CASE("damage is told at each reading") {
  std::size_t asked = 0;
  KeptBatches reader = kept(4, asked, true);
  for (int reading = 0; reading < 2; ++reading) {
    std::vector<TraceEvent> events;
    CHECK(reader.next_batch(events));
    CHECK(reader.next_batch(events));
    CHECK_THROWS_WITH_AS(reader.next_batch(events), doctest::Contains("damaged"), BadRecording);
    reader.rewind();
  }
}
