// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/byte_source.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace gbsim {

BadRecording::BadRecording(const std::filesystem::path& file, std::uint64_t offset, const std::string& what)
    : std::runtime_error(fmt::format("{}: error: at byte {}: {}", file.string(), offset, what)) {}

struct ByteSource::Archive {
  struct archive* handle = archive_read_new();
  ~Archive() { archive_read_free(handle); }
};

ByteSource::ByteSource(std::filesystem::path file, Empty empty)
    : file_(std::move(file)), archive_(std::make_unique<Archive>()) {
  constexpr std::size_t kChunk = std::size_t{1} << 18;
  if (!std::filesystem::is_regular_file(file_) && !std::filesystem::is_fifo(file_)) {
    fail(std::filesystem::exists(file_) ? "this is no file" : "no such file");
  }
  if (access(file_.c_str(), R_OK) != 0) {
    fail(std::generic_category().message(errno));
  }
  archive_read_support_filter_all(archive_->handle);
  archive_read_support_format_raw(archive_->handle);
  archive_read_support_format_empty(archive_->handle);
  archive_entry* entry = nullptr;
  if (archive_read_open_filename(archive_->handle, file_.c_str(), kChunk) != ARCHIVE_OK) {
    fail_packed();
  }
  const int got = archive_read_next_header(archive_->handle, &entry);
  is_empty_ = got == ARCHIVE_EOF;
  if (is_empty_ && empty == Empty::refused) {
    fail("the file is empty");
  }
  if (got != ARCHIVE_OK && !is_empty_) {
    fail_packed();
  }
}

void ByteSource::fail_packed() const {
  fail(fmt::format("the compressed data is damaged or cut short ({}; byte {} of the file as stored)",
                   archive_error_string(archive_->handle), archive_filter_bytes(archive_->handle, -1)));
}

ByteSource::~ByteSource() = default;

bool ByteSource::packed() const { return archive_filter_count(archive_->handle) > 1; }

std::size_t ByteSource::read(void* to, std::size_t size) {
  if (is_empty_) {
    return 0;
  }
  const auto got = archive_read_data(archive_->handle, to, size);
  if (got < 0) {
    fail_packed();
  }
  offset_ += static_cast<std::uint64_t>(got);
  return static_cast<std::size_t>(got);
}

void ByteSource::read_exactly(void* to, std::size_t size, const char* what) {
  const std::size_t got = read(to, size);
  if (got != size) {
    fail(fmt::format("the file ends inside {}: {} of {} bytes are there", what, got, size));
  }
}

void ByteSource::fail(const std::string& what) const { throw BadRecording(file_, offset_, what); }

std::string read_whole(const std::filesystem::path& file, std::uint64_t limit) {
  ByteSource source(file);
  std::string text;
  std::string chunk(std::size_t{1} << 16, '\0');
  for (std::size_t got = source.read(chunk.data(), chunk.size()); got != 0;
       got = source.read(chunk.data(), chunk.size())) {
    text.append(chunk, 0, got);
    if (text.size() > limit) {
      source.fail(fmt::format("larger than {} bytes", limit));
    }
  }
  return text;
}

}  // namespace gbsim
