// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/checked_reader.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "recordings.h"

using namespace gbsim;

namespace {

/** Batches as they stand. */
class Batches : public TraceReader {
 public:
  explicit Batches(std::vector<std::vector<TraceEvent>> batches) : batches_(std::move(batches)) {}

  bool next_batch(std::vector<TraceEvent>& batch) override {
    if (at_ == batches_.size()) {
      return false;
    }
    batch.insert(batch.end(), batches_[at_].begin(), batches_[at_].end());
    ++at_;
    return true;
  }
  void rewind() override { at_ = 0; }

 private:
  std::vector<std::vector<TraceEvent>> batches_;
  std::size_t at_ = 0;
};

TraceEvent free_of(std::uint64_t page, std::int64_t time, std::uint16_t cpu = 0) {
  return {.kind = EventKind::free, .cpu = cpu, .time = Ns{time}, .pfn = Pfn{page}};
}

std::vector<std::uint64_t> pages_of(CheckedReader& reader) {
  std::vector<std::uint64_t> pages;
  for (const TraceEvent& event : test::read_all(reader)) {
    pages.push_back(event.pfn.value);
  }
  return pages;
}

CheckedReader checked(std::vector<std::vector<TraceEvent>> batches) {
  return CheckedReader(std::make_unique<Batches>(std::move(batches)), "events.pgt");
}

}  // namespace

TEST_CASE("an event that repeats the last one of its CPU is dropped, within a batch and from one to the next") {
  CheckedReader reader = checked({{free_of(1, 10), free_of(2, 10, 3), free_of(1, 10), free_of(3, 11)},
                                  {free_of(2, 10, 3), free_of(3, 11), free_of(4, 12)}});
  CHECK(pages_of(reader) == std::vector<std::uint64_t>{1, 2, 3, 4});
  CHECK(reader.oddities().count("doubled") == 3);
  reader.rewind();
  CHECK(pages_of(reader).size() == 4);
  CHECK(reader.oddities().count("doubled") == 3);
}

TEST_CASE("what differs in anything, or happened in between, is no repetition") {
  TraceEvent larger = free_of(1, 10);
  larger.order = Order{1};
  CheckedReader reader = checked({{free_of(1, 10), larger, free_of(1, 10), free_of(1, 10, 1)}});
  CHECK(pages_of(reader).size() == 4);
  CHECK(reader.oddities().count("doubled") == 0);
}

TEST_CASE("times that go back are kept and counted, impossible ones are dropped") {
  CheckedReader reader = checked({{free_of(1, 10), free_of(2, 9), free_of(3, -1)},
                                  {TraceEvent{.kind = EventKind::free, .time = Ns::max(), .pfn = Pfn{4}}},
                                  {free_of(5, 9), free_of(6, 10)}});
  CHECK(pages_of(reader) == std::vector<std::uint64_t>{1, 2, 5, 6});
  CHECK(reader.oddities().count("out_of_order") == 2);
  CHECK(reader.oddities().count("impossible_times") == 2);
}
