// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/recording/recorded_files.h"

namespace gbsim {

/** One line of a /proc file, split at white space, commas, colons and brackets. */
struct ProcLine {
  std::uint64_t offset = 0;
  std::uint64_t number = 1;
  std::vector<std::string> words{};

  bool starts_zone() const { return words.size() > 3 && words[0] == "Node" && words[2] == "zone"; }
};

/** A /proc file kept with a recording: its lines, and the numbers in them. */
class ProcFile {
 public:
  /** No lines if @files has no @name. Throws BadRecording if its last line has no end: it was cut short. */
  ProcFile(const RecordedFiles& files, const char* name);

  const std::vector<ProcLine>& lines() const { return lines_; }
  /** Word @at of @line, from 0; ">100000", where the kernel stopped counting, is 100000. Throws BadRecording. */
  std::uint64_t number(const ProcLine& line, std::size_t at) const;
  /** The same, of at most @limit. */
  template <std::integral Number>
  Number number(const ProcLine& line, std::size_t at, Number limit) const {
    const std::uint64_t value = number(line, at);
    if (value > static_cast<std::uint64_t>(limit)) {
      fail(line, fmt::format("{} where {} is the most that can be", value, limit));
    }
    return static_cast<Number>(value);
  }
  /** Throws BadRecording at @line. */
  [[noreturn]] void fail(const ProcLine& line, const std::string& what) const;

 private:
  std::filesystem::path path_;
  std::vector<ProcLine> lines_;
};

}  // namespace gbsim
