// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string_view>

namespace gbsim {

/**
 * How far something is, on standard error: on a terminal one line that is redrawn, otherwise a line every ten percent.
 * Wall time is read here and nowhere that results come from.
 */
class StatusLine {
 public:
  /** @quiet: nothing is ever shown. */
  explicit StatusLine(bool quiet);
  ~StatusLine() { end(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /** @share of it is done, 0 to 1; what @text() gives is asked for only where it is shown. */
  template <class Text>
  void show(double share, Text&& text) {
    if (is_due(share)) {
      print(text());
    }
  }
  /** Seconds since this line was made. */
  double seconds() const;
  /** Leaves the terminal on a fresh line. */
  void end();

 private:
  using WallClock = std::chrono::steady_clock;

  bool is_due(double share);
  void print(std::string_view text);

  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  int next_tenth_ = 1;
  WallClock::time_point started_ = WallClock::now();
  WallClock::time_point drawn_at_{};
};

}  // namespace gbsim
