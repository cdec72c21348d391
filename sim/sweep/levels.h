// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/sweep/sweep.h"

namespace gbsim {

/** How the values of a key stand along an axis. */
struct LevelTics {
  std::size_t step = 1;           // every which one has a label
  std::size_t most_letters = 24;  // of a label; the middle of longer ones is left out
  int angle = 0;                  // by which labels are turned
};

/** @text, or its beginning and end if it has more than @most letters. */
std::string shortened(const std::string& text, std::size_t most);

/**
 * Distinct values of one key over all points: in order of size if they are numbers, else as they come. Where there are
 * more numbers than @most, as in a random design, neighbours make classes of about equal size.
 */
class Levels {
 public:
  static constexpr std::size_t kMost = 12;

  Levels(const Sweep& sweep, std::size_t axis, std::size_t most = kMost);

  std::size_t size() const { return classes_; }
  /** A value, or the least and the greatest of a class. */
  std::string text(std::size_t i) const;
  /** Letters of the longest text, as far as @most allows. */
  std::size_t letters(std::size_t most) const;
  /** Where @text, one of the values, belongs. */
  std::size_t index(const std::string& text) const { return class_of_.at(text); }
  /** gnuplot commands: labels of @axis at 0, 1, ...: equal distance whatever the values, as in an experiment. */
  std::string tics(std::string_view axis, const LevelTics& style) const;

 private:
  std::size_t begin_of(std::size_t i) const { return i * texts_.size() / classes_; }

  std::vector<std::string> texts_;
  std::size_t classes_ = 0;
  std::unordered_map<std::string, std::size_t> class_of_;
};

}  // namespace gbsim
