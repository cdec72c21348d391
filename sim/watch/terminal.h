// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "sim/watch/screen_line.h"

namespace gbsim {

/** What keys told since the last look. */
struct TerminalKeys {
  bool quit = false;     // q
  bool resized = false;  // the window, or a screen that wants drawing again (Ctrl-L)
};

/** Why nothing can be drawn on standard error with keys from standard input; nullopt if it can. */
std::optional<std::string> terminal_problem();

/**
 * The terminal as a screen for as long as it lives, then as it was. Standard error is drawn on, so that standard
 * output can be redirected. Ctrl-C stays a signal. At most one at a time.
 */
class Terminal {
 public:
  /** Throws std::runtime_error where ncurses cannot start; terminal_problem() tells why. */
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  ScreenSize size() const;
  void draw(std::span<const ScreenLine> lines);
  /** Never waits. */
  TerminalKeys keys();

 private:
  struct Screen;
  std::unique_ptr<Screen> screen_;
};

}  // namespace gbsim
