// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/input_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "sim/recording/byte_source.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

/** Why @path is none that can be read; nullptr: it is one. */
const char* unreadable(const fs::path& path) {
  std::error_code error;
  switch (fs::status(path, error).type()) {
    case fs::file_type::regular:
      return nullptr;
    case fs::file_type::not_found:
      return "no such file";
    case fs::file_type::directory:
      return "this is a directory: name a file in it";
    case fs::file_type::fifo:
      return "this is a pipe, and it is to be read more than once: write what it gives into a regular file first";
    default:
      return error ? "it cannot be looked at" : "this is no regular file, and it is to be read more than once";
  }
}

OpenFile open_for_reading(const fs::path& path) {
  if (const char* const why = unreadable(path)) {
    throw BadRecording(path, 0, why);
  }
  OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd() < 0) {
    throw BadRecording(path, 0, std::generic_category().message(errno));
  }
  return file;
}

}  // namespace

InputFile::InputFile(const fs::path& path)
    : InputFile(std::make_shared<const OpenFile>(open_for_reading(path)), path) {}

std::int64_t InputFile::read(std::uint64_t offset, void* to, std::size_t size) const {
  if (offset >= size_) {
    return 0;
  }
  const std::size_t wanted = std::min<std::uint64_t>(size, size_ - offset);
  return pread(file_->fd(), to, wanted, static_cast<off_t>(begin_ + offset));
}

OpenFile InputFile::duplicate() const {
  return OpenFile(size_ == kToTheEnd ? fcntl(file_->fd(), F_DUPFD_CLOEXEC, 0) : -1);
}

}  // namespace gbsim
