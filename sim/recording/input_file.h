// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>

#include "sim/recording/open_file.h"

namespace gbsim {

/** A file, or a part of one, open for reading. Copies share it, and each reads where it likes. */
class InputFile {
 public:
  /** Throws BadRecording if @path cannot be read at any offset: it is a pipe, a directory or missing. */
  InputFile(const std::filesystem::path& path);
  /** All of @file; @name is how errors call it. */
  InputFile(std::shared_ptr<const OpenFile> file, std::filesystem::path name)
      : InputFile(std::move(file), 0, kToTheEnd, std::move(name)) {}
  /** @size bytes of @file from @begin on. */
  InputFile(std::shared_ptr<const OpenFile> file, std::uint64_t begin, std::uint64_t size, std::filesystem::path name)
      : file_(std::move(file)), begin_(begin), size_(size), name_(std::move(name)) {}

  /** Up to @size bytes from @offset on, 0 at the end; -1, with errno, if they cannot be read. */
  std::int64_t read(std::uint64_t offset, void* to, std::size_t size) const;
  /** A descriptor of the same open file, for libraries that want one; of none where this is a part of a file. */
  OpenFile duplicate() const;
  const std::filesystem::path& name() const { return name_; }

 private:
  static constexpr auto kToTheEnd = std::numeric_limits<std::uint64_t>::max();

  std::shared_ptr<const OpenFile> file_;
  std::uint64_t begin_;
  std::uint64_t size_;
  std::filesystem::path name_;
};

}  // namespace gbsim
