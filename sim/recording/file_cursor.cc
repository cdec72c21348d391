// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/file_cursor.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "sim/recording/byte_source.h"

namespace gbsim {

std::uint64_t number_in(std::string_view bytes, bool is_big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t from = is_big_endian ? i : bytes.size() - 1 - i;
    value = value << 8U | static_cast<unsigned char>(bytes[from]);
  }
  return value;
}

FileCursor::FileCursor(int fd, std::filesystem::path shown) : fd_(fd), shown_(std::move(shown)) {
  struct stat status {};
  if (fstat(fd, &status) != 0) {
    fail("the file's size cannot be read");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

void FileCursor::fail(const std::string& what) const { throw BadRecording(shown_, at_, what); }

void FileCursor::require(std::uint64_t count, const char* what) const {
  if (count > size_ - at_) {
    fail(fmt::format("the file ends inside {}: {} bytes needed, {} are there", what, count, size_ - at_));
  }
}

void FileCursor::seek(std::uint64_t offset, const char* what) {
  if (offset > size_) {
    fail(fmt::format("{} should be at byte {}, but the file has {} bytes", what, offset, size_));
  }
  at_ = offset;
}

void FileCursor::skip(std::uint64_t count, const char* what) {
  require(count, what);
  at_ += count;
}

std::string FileCursor::bytes(std::uint64_t count, const char* what) {
  require(count, what);
  std::string text(count, '\0');
  if (pread(fd_, text.data(), count, static_cast<off_t>(at_)) != static_cast<ssize_t>(count)) {
    fail(fmt::format("{} cannot be read", what));
  }
  at_ += count;
  return text;
}

std::uint64_t FileCursor::number(unsigned width, const char* what) {
  return number_in(bytes(width, what), big_endian_);
}

std::string FileCursor::string(const char* what) {
  const std::uint64_t reach = std::min(kLongestString, size_ - at_);
  const std::uint64_t start = at_;
  std::string text = bytes(reach, what);
  const auto end = text.find('\0');
  at_ = start;
  if (end == std::string::npos) {
    fail(fmt::format("{} does not end", what));
  }
  at_ += end + 1;
  text.resize(end);
  return text;
}

}  // namespace gbsim
