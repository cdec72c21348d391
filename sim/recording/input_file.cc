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

OpenFile open_for_reading(const fs::path& path) {
  if (!fs::is_regular_file(path) && !fs::is_fifo(path)) {
    throw BadRecording(path, 0, fs::exists(path) ? "this is no file" : "no such file");
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
  const ssize_t got = pread(file_->fd(), to, wanted, static_cast<off_t>(begin_ + offset));
  return got < 0 && errno == ESPIPE ? ::read(file_->fd(), to, wanted) : got;
}

OpenFile InputFile::duplicate() const {
  return OpenFile(size_ == kToTheEnd ? fcntl(file_->fd(), F_DUPFD_CLOEXEC, 0) : -1);
}

}  // namespace gbsim
