// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/recording/byte_source.h"
#include "sim/recording/event_reader.h"

namespace gbsim::test {

/**
 * @total events, numbered by their pfn, in batches of @each; then the end, or damage. Oddities tell how many were read,
 * @asked counts the batches that were asked for.
 */
class CountingTrace : public TraceReader {
 public:
  CountingTrace(std::uint64_t total, std::uint64_t each, bool is_damaged = false, std::size_t* asked = nullptr)
      : total_(total), each_(each), is_damaged_(is_damaged), asked_(asked) {}

  bool next_batch(std::vector<TraceEvent>& batch) override {
    if (asked_ != nullptr) {
      ++*asked_;
    }
    if (given_ == total_ && is_damaged_) {
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
  void rewind() override { given_ = 0; }

 private:
  std::uint64_t total_;
  std::uint64_t each_;
  bool is_damaged_;
  std::size_t* asked_;
  std::uint64_t given_ = 0;
};

}  // namespace gbsim::test
