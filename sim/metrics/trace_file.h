// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "sim/metrics/output_file.h"

namespace gbsim {

/** Collects small records and appends them to a file by the block; flush() makes all of them readable. */
class TraceFile {
 public:
  explicit TraceFile(std::filesystem::path path) : file_(std::move(path)) {}

  /** Throws OutputError. */
  void add(std::string_view record) {
    text_ += record;
    if (text_.size() >= kBlock) {
      flush();
    }
  }
  void flush() {
    file_.append(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t kBlock = std::size_t{1} << 16U;

  AppendFile file_;
  std::string text_;
};

}  // namespace gbsim
