// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/levels.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/script_text.h"
#include "sim/sweep/axis.h"

namespace gbsim {

std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) {
    return text;
  }
  const std::size_t head = most / 2, tail = most - head - 1;
  return text.substr(0, head) + "…" + text.substr(text.size() - tail);
}

Levels::Levels(const Sweep& sweep, std::size_t axis, std::size_t most) {
  for (const SweepPoint& point : sweep.points()) {
    if (std::ranges::find(texts_, point.setting[axis]) == texts_.end()) {
      texts_.push_back(point.setting[axis]);
    }
  }
  classes_ = texts_.size();
  if (std::ranges::all_of(texts_, [](const std::string& text) { return number_of(text).has_value(); })) {
    std::ranges::sort(texts_, {}, [](const std::string& text) { return *number_of(text); });
    classes_ = texts_.size() > most ? most / 2 : texts_.size();
  }
  for (std::size_t i = 0; i < classes_; ++i) {
    for (std::size_t at = begin_of(i); at < begin_of(i + 1); ++at) {
      class_of_.emplace(texts_[at], i);
    }
  }
}

std::string Levels::text(std::size_t i) const {
  const std::string& first = texts_[begin_of(i)];
  const std::string& last = texts_[begin_of(i + 1) - 1];
  return first == last ? first : first + ".." + last;
}

std::size_t Levels::letters(std::size_t most) const {
  std::size_t longest = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    longest = std::max(longest, std::min(most, text(i).size()));
  }
  return longest;
}

std::string Levels::tics(std::string_view axis, const LevelTics& style) const {
  std::string result = fmt::format("set {}tics (", axis);
  for (std::size_t i = 0; i < size(); i += style.step) {
    result += fmt::format("{}{} {}", i > 0 ? ", " : "", gnuplot_string(shortened(text(i), style.most_letters)), i);
  }
  const std::string turn = style.angle == 0 ? "norotate" : fmt::format("rotate by {} right", style.angle);
  return result + fmt::format(") {}\nset {}range [-0.5:{}.5]\n", turn, axis, size() - 1);
}

}  // namespace gbsim
