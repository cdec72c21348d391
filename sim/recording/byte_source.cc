// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/byte_source.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "sim/recording/temp_file.h"

namespace gbsim {

BadRecording::BadRecording(const std::filesystem::path& file, std::uint64_t offset, const std::string& what)
    : std::runtime_error(fmt::format("{}: error: at byte {}: {}", file.string(), offset, what)) {}

struct ByteSource::Archive {
  static constexpr std::size_t kChunk = std::size_t{1} << 18;

  explicit Archive(InputFile input) : file(std::move(input)) {}
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive() { archive_read_free(handle); }

  /** As libarchive wants it: the next bytes of the file as stored. */
  static la_ssize_t next_chunk(archive* handle, void* self, const void** bytes) {
    auto& source = *static_cast<Archive*>(self);
    const std::int64_t got = source.file.read(source.at, source.chunk.get(), kChunk);
    if (got < 0) {
      archive_set_error(handle, errno, "%s", std::strerror(errno));
      return ARCHIVE_FATAL;
    }
    source.at += static_cast<std::uint64_t>(got);
    *bytes = source.chunk.get();
    return got;
  }

  archive* handle = archive_read_new();
  InputFile file;
  // Not filled with zeroes: most files are small, and there are hundreds of them.
  std::unique_ptr<char[]> chunk = std::make_unique_for_overwrite<char[]>(kChunk);
  std::uint64_t at = 0;  // of the file as stored
};

ByteSource::ByteSource(const InputFile& file, Empty empty) : archive_(std::make_unique<Archive>(file)) {
  archive_read_support_filter_all(archive_->handle);
  archive_read_support_format_raw(archive_->handle);
  archive_read_support_format_empty(archive_->handle);
  archive_entry* entry = nullptr;
  if (archive_read_open(archive_->handle, archive_.get(), nullptr, Archive::next_chunk, nullptr) != ARCHIVE_OK) {
    fail_packed();
  }
  const int got = archive_read_next_header(archive_->handle, &entry);
  is_empty_ = got == ARCHIVE_EOF;
  if (is_empty_ && empty == Empty::refused) {
    fail("the file is empty: it was not written, or not copied");
  }
  if (got != ARCHIVE_OK && !is_empty_) {
    fail_packed();
  }
}

void ByteSource::fail_packed() const {
  fail(fmt::format("the compressed data is damaged or cut short ({}; byte {} of the file as stored)",
                   archive_error_string(archive_->handle),
                   std::max<la_int64_t>(archive_filter_bytes(archive_->handle, -1), 0)));
}

ByteSource::~ByteSource() = default;
ByteSource::ByteSource(ByteSource&&) noexcept = default;
ByteSource& ByteSource::operator=(ByteSource&&) noexcept = default;

const InputFile& ByteSource::file() const { return archive_->file; }

bool ByteSource::packed() const { return archive_filter_count(archive_->handle) > 1; }

std::size_t ByteSource::unpack(void* to, std::size_t size) {
  if (is_empty_) {
    return 0;
  }
  const auto got = archive_read_data(archive_->handle, to, size);
  if (got < 0) {
    fail_packed();
  }
  return static_cast<std::size_t>(got);
}

std::size_t ByteSource::read_kept(void* to, std::size_t size) const {
  return kept_.copy(static_cast<char*>(to), size, offset_);
}

void ByteSource::keep(const void* bytes, std::size_t got, std::size_t wanted) {
  constexpr std::size_t kMostKept = std::size_t{64} << 20;
  keeps_ = kept_.size() + got <= kMostKept;
  if (keeps_) {
    kept_.append(static_cast<const char*>(bytes), got);
  } else {
    kept_ = {};
  }
  has_all_ = keeps_ && got < wanted;
}

std::size_t ByteSource::read(void* to, std::size_t size) {
  const std::size_t got = reads_kept_ ? read_kept(to, size) : unpack(to, size);
  if (keeps_ && !has_all_) {
    keep(to, got, size);
  }
  offset_ += got;
  return got;
}

void ByteSource::rewind() {
  if (!has_all_) {
    *this = ByteSource(InputFile(file()));
  }
  reads_kept_ = has_all_;
  offset_ = 0;
}

void ByteSource::read_exactly(void* to, std::size_t size, const char* what) {
  const std::size_t got = read(to, size);
  if (got != size) {
    fail(fmt::format("the file ends inside {}: {} of {} bytes are there", what, got, size));
  }
}

void ByteSource::fail(const std::string& what) const { throw BadRecording(file().name(), offset_, what); }

namespace {

/** @take(bytes) for the rest of @source, piece by piece. */
template <class Take>
void for_each_chunk(ByteSource& source, std::size_t most, Take&& take) {
  const auto chunk = std::make_unique_for_overwrite<char[]>(most);
  for (std::size_t got = source.read(chunk.get(), most); got != 0; got = source.read(chunk.get(), most)) {
    take(std::string_view(chunk.get(), got));
  }
}

}  // namespace

OpenFile open_unpacked(const InputFile& file) {
  ByteSource source(file);
  OpenFile itself = source.packed() ? OpenFile() : file.duplicate();
  if (itself.fd() >= 0) {
    lseek(itself.fd(), 0, SEEK_SET);
    return itself;
  }
  OpenFile unpacked = open_temp_file();
  for_each_chunk(source, std::size_t{1} << 18, [&](std::string_view bytes) { append(unpacked, bytes); });
  lseek(unpacked.fd(), 0, SEEK_SET);
  return unpacked;
}

std::string read_whole(const InputFile& file, std::uint64_t limit) {
  ByteSource source(file);
  std::string text;
  for_each_chunk(source, std::size_t{1} << 16, [&](std::string_view bytes) {
    text += bytes;
    if (text.size() > limit) {
      source.fail(fmt::format("larger than {} bytes", limit));
    }
  });
  return text;
}

}  // namespace gbsim
