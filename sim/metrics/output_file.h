// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gbsim {

/** A result file could not be written. The message has the file, the reason, and what to do. */
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/**
 * A file that only grows by whole records. Each append() reaches the kernel before it returns, so a killed process
 * leaves every completed record readable; a record that fails half-way is cut off again.
 */
class AppendFile {
 public:
  /** Creates or empties @path. */
  explicit AppendFile(std::filesystem::path path);
  /** The same with @header as the first record: nobody sees the file without it. */
  AppendFile(std::filesystem::path path, std::string_view header);
  ~AppendFile();
  AppendFile(AppendFile&& other) noexcept;
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;
  AppendFile& operator=(AppendFile&&) = delete;

  /** Throws OutputError. */
  void append(std::string_view record);

 private:
  std::filesystem::path path_;
  int fd_ = -1;
  std::int64_t size_ = 0;  // bytes in complete records
};

/**
 * Writes @text beside @path and renames it into place: readers see the old file or the new one. What
 * is a link, a pipe or a device stays that and is written through. Throws OutputError.
 */
void write_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace gbsim
