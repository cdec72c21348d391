// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/types.h"
#include "sim/metrics/output_file.h"
#include "sim/metrics/pageblock_frame.h"

namespace gbsim {

/**
 * Writes pageblocks.bin: a frame a sample, each a zlib stream of what changed since the one before. Within @budget
 * bytes however long the run is: after 1/2, 2/3, 3/4, ... of it, frames become half as frequent.
 */
class PageblockWriter {
 public:
  static constexpr std::uint64_t kBudget = std::uint64_t{64} << 20U;

  explicit PageblockWriter(std::filesystem::path path, std::uint64_t budget = kBudget);

  /** Throws OutputError. A frame without pageblocks is left out. */
  void append(Ns time, const PageblockFrame& frame);

 private:
  bool is_due();
  std::string header(const PageblockFrame& frame) const;
  std::string record(Ns time, const PageblockFrame& frame) const;

  AppendFile file_;
  std::uint64_t budget_;
  std::uint64_t used_ = 0;
  std::uint64_t samples_ = 0;
  unsigned halvings_ = 0;  // 2^halvings_ samples a frame
  std::uint64_t frames_ = 0;
  std::vector<PageblockCode> last_;
};

/** Reads pageblocks.bin frame by frame; stops at the first that is incomplete or damaged. */
class PageblockReader {
 public:
  /** nullopt if @path is no such file. */
  static std::optional<PageblockReader> open(const std::filesystem::path& path);

  /** The next frame, valid until the one after it; nullptr at the end. */
  const PageblockFrame* next();

  /** Of the frame that next() gave. */
  Ns time() const { return time_; }

 private:
  explicit PageblockReader(std::ifstream file) : file_(std::move(file)) {}

  bool read_header();
  bool apply(const std::vector<unsigned char>& packed, bool key);

  std::ifstream file_;
  PageblockFrame frame_;
  Ns time_{0};
};

/** @bytes as one zlib stream, always the same for the same bytes. */
std::string deflate(const std::vector<std::uint8_t>& bytes, int level);

}  // namespace gbsim
