// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/live_view.h"

#include <utility>

namespace gbsim::cli {

namespace {

using WallClock = std::chrono::steady_clock;

constexpr auto kRedraw = std::chrono::milliseconds(250);
constexpr auto kLookAtKeys = std::chrono::milliseconds(20);

/** True once every @period, and the first time. */
bool due(std::optional<WallClock::time_point>& last, WallClock::duration period) {
  const WallClock::time_point now = WallClock::now();
  if (last && now - *last < period) {
    return false;
  }
  last = now;
  return true;
}

}  // namespace

LiveView::LiveView(std::string title)
    : title_(std::move(title)), line_(false), terminal_(std::make_unique<Terminal>()), started_(WallClock::now()) {}

void LiveView::show(const RunProgress& progress) {
  progress_ = progress;
  if (!terminal_) {
    line_.show(progress);
  }
}

void LiveView::end() {
  terminal_.reset();
  line_.end();
}

bool LiveView::wants_glimpse() {
  if (!terminal_ || !due(keys_at_, kLookAtKeys)) {
    return false;
  }
  const TerminalKeys keys = terminal_->keys();
  if (keys.quit) {
    terminal_.reset();
    return false;
  }
  if (keys.resized) {
    drawn_at_.reset();
  }
  return due(drawn_at_, kRedraw);
}

// Measured time begins with new counts: what was marked in the warm-up says nothing then.
CpuShares LiveView::shares_until(const Sample& sample) {
  const bool same_counts = mark_ && (mark_->time < Ns{0}) == (sample.time < Ns{0});
  const CpuShares shares = same_counts ? cpu_shares(mark_->cpu, sample.counters.cpu, sample.time - mark_->time)
                                       : CpuShares{};
  mark_ = Mark{sample.time, sample.counters.cpu};
  return shares;
}

void LiveView::glimpse(const Sample& sample) {
  const Pace pace = Pace::of(progress_, started_);
  const WatchProgress progress{progress_.fraction, progress_.simulated, pace.simulated_per_second,
                               pace.page_operations_per_second, pace.seconds_left};
  const WatchState state{title_, progress, &sample, shares_until(sample)};
  terminal_->draw(screen_lines(state, terminal_->size()));
}

}  // namespace gbsim::cli
