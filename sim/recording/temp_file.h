// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <unistd.h>

#include <filesystem>
#include <utility>

namespace gbsim {

/** An open file descriptor, closed with its owner. */
class OpenFile {
 public:
  explicit OpenFile(int fd = -1) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int fd() const { return fd_; }
  /** Gives the descriptor away. */
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

/** An empty file without a name in $TMPDIR (/var/tmp): it is gone with its owner. Throws std::system_error. */
OpenFile open_temp_file();

/**
 * @file open for reading at random offsets: itself, or unpacked into a file without a name in $TMPDIR (/var/tmp) if it
 * is compressed. Throws BadRecording.
 */
OpenFile open_unpacked(const std::filesystem::path& file);

/** A directory of its own in $TMPDIR (/var/tmp), removed with its owner. Throws std::system_error. */
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace gbsim
