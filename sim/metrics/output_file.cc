// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace gbsim {
namespace {

std::string_view remedy(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "free some space and run again (sweeps: --resume, runs: --force), or write elsewhere with -o DIR";
    case EACCES:
    case EPERM:
    case EROFS:
      return "choose a directory you may write to with -o DIR";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    default:
      return "check the file system, or write elsewhere with -o DIR";
  }
}

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw OutputError(fmt::format("cannot write {}: {}; everything recorded before is complete; {}", path.string(),
                                std::strerror(error), remedy(error)));
}

/** Bytes written before an error; errno tells which. */
std::size_t write_some(int fd, std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(fd, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      break;
    }
    done += static_cast<std::size_t>(written);
  }
  return done;
}

/** What is there is more than a file: a link, a pipe, a device. */
bool stays(const std::filesystem::path& path) {
  std::error_code none;
  const auto status = std::filesystem::symlink_status(path, none);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

void write_through(const std::filesystem::path& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (fd < 0) {
    fail(path, errno);
  }
  const bool written = write_some(fd, text) == text.size();
  const int error = errno;
  if (::close(fd) != 0 || !written) {
    fail(path, written ? errno : error);
  }
}

}  // namespace

AppendFile::AppendFile(std::filesystem::path path) : path_(std::move(path)) {
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_APPEND, 0644);
  if (fd_ < 0) {
    fail(path_, errno);
  }
}

AppendFile::AppendFile(std::filesystem::path path, std::string_view header) : path_(std::move(path)) {
  write_atomically(path_, header);
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_APPEND);
  if (fd_ < 0) {
    fail(path_, errno);
  }
  size_ = static_cast<std::int64_t>(header.size());
}

AppendFile::~AppendFile() {
  if (fd_ >= 0) {
    ::close(fd_);
  }
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}

void AppendFile::append(std::string_view record) {
  if (write_some(fd_, record) == record.size()) {
    size_ += static_cast<std::int64_t>(record.size());
    return;
  }
  const int error = errno;
  [[maybe_unused]] const int cut = ::ftruncate(fd_, size_);
  fail(path_, error);
}

void write_atomically(const std::filesystem::path& path, std::string_view text) {
  if (stays(path)) {
    return write_through(path, text);
  }
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) {
    fail(path, errno);
  }
  const bool written = write_some(fd, text) == text.size();
  const int error = errno;
  const bool closed = ::close(fd) == 0;
  if (!written || !closed || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = written ? errno : error;
    ::unlink(temporary.c_str());
    fail(path, reason);
  }
}

}  // namespace gbsim
