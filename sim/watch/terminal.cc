// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/terminal.h"

#define NCURSES_NOMACROS
#include <curses.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

namespace gbsim {
namespace {

constexpr int kCtrlL = 'L' & 0x1f;

/** Foregrounds that differ for colour-blind people too; bold sets the alarming one apart in black and white. */
struct Ink {
  short color;
  attr_t attributes;
};

constexpr short kOwnColor = -1;  // the terminal's
constexpr std::array<Ink, kNrTextStyles> kInks{Ink{kOwnColor, A_NORMAL},   Ink{kOwnColor, A_BOLD},
                                               Ink{COLOR_CYAN, A_NORMAL},  Ink{COLOR_BLUE, A_NORMAL},
                                               Ink{COLOR_YELLOW, A_BOLD}, Ink{kOwnColor, A_NORMAL}};

void prepare_colors() {
  start_color();
  const bool own = use_default_colors() == OK;
  for (std::size_t i = 0; i < kInks.size(); ++i) {
    const short color = kInks[i].color == kOwnColor && !own ? short{COLOR_WHITE} : kInks[i].color;
    init_pair(static_cast<short>(i + 1), color, own ? kOwnColor : short{COLOR_BLACK});
  }
}

}  // namespace

/** Owns what ncurses keeps for one terminal. */
struct Terminal::Screen {
  SCREEN* handle = nullptr;
  bool colored = false;
};

Terminal::Terminal() : screen_(std::make_unique<Screen>()) {
  screen_->handle = newterm(nullptr, stderr, stdin);
  if (screen_->handle == nullptr) {
    throw std::runtime_error("ncurses cannot use this terminal");
  }
  cbreak();
  noecho();
  curs_set(0);
  nodelay(stdscr, true);
  keypad(stdscr, true);
  screen_->colored = has_colors();
  if (screen_->colored) {
    prepare_colors();
  }
}

Terminal::~Terminal() {
  endwin();
  delscreen(screen_->handle);
}

ScreenSize Terminal::size() const {
  const auto count = [](int cells) { return static_cast<std::size_t>(std::max(0, cells)); };
  return {count(getmaxy(stdscr)), count(getmaxx(stdscr))};
}

void Terminal::draw(std::span<const ScreenLine> lines) {
  werase(stdscr);
  int row = 0;
  for (const ScreenLine& line : lines) {
    wmove(stdscr, row++, 0);
    for (const TextSpan& span : line.spans) {
      const auto style = static_cast<std::size_t>(span.style);
      wattr_set(stdscr, kInks[style].attributes, screen_->colored ? static_cast<short>(style + 1) : short{0}, nullptr);
      waddnstr(stdscr, span.text.data(), static_cast<int>(span.text.size()));
    }
  }
  wrefresh(stdscr);
}

TerminalKeys Terminal::keys() {
  TerminalKeys keys;
  for (int key = wgetch(stdscr); key != ERR; key = wgetch(stdscr)) {
    keys.quit = keys.quit || key == 'q' || key == 'Q';
    keys.resized = keys.resized || key == KEY_RESIZE || key == kCtrlL;
    if (key == kCtrlL) {
      clearok(curscr, true);
    }
  }
  return keys;
}

}  // namespace gbsim
