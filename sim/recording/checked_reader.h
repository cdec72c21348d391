// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "sim/recording/by_cpu.h"
#include "sim/recording/event_reader.h"

namespace gbsim {

/**
 * Looks over the events of another reader: an event earlier than its predecessor is counted `out_of_order` and kept, an
 * allocator event that repeats the previous one of its CPU in every field is counted `doubled` and dropped, one at a
 * time before the clock began, or more than a century after, is counted `impossible_times` and dropped. A trace without
 * any event that tells of pages is an error at its end.
 */
class CheckedReader : public TraceReader {
 public:
  /** @name: of the trace, for errors. */
  CheckedReader(std::unique_ptr<TraceReader> base, std::filesystem::path name)
      : base_(std::move(base)), name_(std::move(name)) {}

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override { return base_->origin(); }
  EventTally oddities() const override;
  void rewind() override;
  bool is_quick() const override { return base_->is_quick(); }

 private:
  /** The latest event of one CPU: in the batch that is looked over, or one before it. */
  struct Last {
    const TraceEvent* in_batch = nullptr;
    TraceEvent before{};

    const TraceEvent& event() const { return in_batch != nullptr ? *in_batch : before; }
    void leave_batch() {
      before = event();
      in_batch = nullptr;
    }
  };
  void drop_bad(std::vector<TraceEvent>& batch, std::size_t first);
  bool is_impossible(Ns time);
  bool repeats(const TraceEvent& event, const TraceEvent& last);
  void refuse_empty() const;

  std::unique_ptr<TraceReader> base_;
  std::filesystem::path name_;
  bool is_empty_ = true;  // so far
  ByCpu<Last> last_;
  Ns latest_{0};
  std::uint64_t out_of_order_ = 0;
  std::uint64_t doubled_ = 0;
  std::uint64_t impossible_times_ = 0;
};

}  // namespace gbsim
