// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/gbtrace.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/recording/archive_contents.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/temp_file.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18;

struct Closer {
  void operator()(archive* handle) const { archive_free(handle); }
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Archive = std::unique_ptr<archive, Closer>;
using Entry = std::unique_ptr<archive_entry, Closer>;

/** In the same order on every host; without the table of an archive that was unpacked there. */
std::vector<fs::path> files_under(const fs::path& dir) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    if (entry.is_regular_file() && entry.path() != dir / kContentsTable) {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

void check(archive* handle, la_ssize_t outcome) {
  if (outcome < ARCHIVE_OK) {
    throw std::runtime_error(archive_error_string(handle));
  }
}

void begin_member(archive* handle, const std::string& name, std::uint64_t size) {
  constexpr int kReadable = 0644;
  const Entry entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), kReadable);
  check(handle, archive_write_header(handle, entry.get()));
}

MemberSum add_file(archive* handle, const fs::path& file, const std::string& name) {
  begin_member(handle, name, fs::file_size(file));
  std::ifstream in(file, std::ios::binary);
  std::string chunk(kChunk, '\0');
  MemberSum sum;
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), in.gcount() > 0) {
    const std::string_view part(chunk.data(), static_cast<std::size_t>(in.gcount()));
    check(handle, archive_write_data(handle, part.data(), part.size()));
    sum.add(part);
  }
  return sum;
}

void add_table(archive* handle, const ArchiveContents& contents) {
  const std::string table = contents_table(contents);
  begin_member(handle, std::string(kContentsTable), table.size());
  check(handle, archive_write_data(handle, table.data(), table.size()));
}

bool stays_inside(const fs::path& member) {
  return member.is_relative() && std::ranges::find(member, fs::path("..")) == member.end();
}

}  // namespace

void pack_gbtrace(const fs::path& dir, const fs::path& archive) {
  const fs::path unfinished = archive.string() + ".part";
  const Archive handle(archive_write_new());
  archive_write_add_filter_zstd(handle.get());
  archive_write_set_format_pax_restricted(handle.get());
  try {
    check(handle.get(), archive_write_open_filename(handle.get(), unfinished.c_str()));
    ArchiveContents contents;
    for (const fs::path& file : files_under(dir)) {
      const fs::path member = fs::relative(file, dir);
      contents[member] = add_file(handle.get(), file, member.generic_string());
    }
    add_table(handle.get(), contents);
    check(handle.get(), archive_write_close(handle.get()));
    fs::rename(unfinished, archive);
  } catch (const std::exception& error) {
    std::error_code ignored;
    fs::remove(unfinished, ignored);
    throw std::runtime_error(fmt::format("{}: cannot be written: {}", archive.string(), error.what()));
  }
}

bool is_gbtrace(const fs::path& file) {
  constexpr std::size_t kTarMagic = 257;
  std::string start(kTarMagic + 5, '\0');
  start.resize(ByteSource(file).read(start.data(), start.size()));
  return start.size() == kTarMagic + 5 && start.compare(kTarMagic, 5, "ustar") == 0;
}

struct ArchiveReader::Handle {
  Archive archive{archive_read_new()};
  std::string chunk = std::string(kChunk, '\0');
};

ArchiveReader::ArchiveReader(fs::path archive) : name_(std::move(archive)), handle_(std::make_unique<Handle>()) {
  struct archive* const handle = handle_->archive.get();
  archive_read_support_filter_all(handle);
  archive_read_support_format_tar(handle);
  if (archive_read_open_filename(handle, name_.c_str(), kChunk) != ARCHIVE_OK) {
    fail_damaged();
  }
}

ArchiveReader::~ArchiveReader() = default;

void ArchiveReader::fail(const std::string& what) const {
  const auto at = std::max<la_int64_t>(archive_filter_bytes(handle_->archive.get(), -1), 0);
  throw BadRecording(name_, static_cast<std::uint64_t>(at), what);
}

void ArchiveReader::fail_damaged() const {
  fail(fmt::format("the archive is damaged or cut short: {}", archive_error_string(handle_->archive.get())));
}

std::optional<fs::path> ArchiveReader::next() {
  archive_entry* entry = nullptr;
  int got = archive_read_next_header(handle_->archive.get(), &entry);
  for (; got == ARCHIVE_OK; got = archive_read_next_header(handle_->archive.get(), &entry)) {
    const char* const name = archive_entry_pathname(entry);  // none: in no encoding that can be read
    const fs::path member = name != nullptr ? name : "..";
    if (!stays_inside(member)) {
      fail(fmt::format("member {} lies outside of the archive", member.string()));
    }
    if (archive_entry_filetype(entry) == AE_IFREG) {
      return member.lexically_normal();
    }
  }
  if (got != ARCHIVE_EOF) {
    fail_damaged();
  }
  return std::nullopt;
}

std::uint64_t ArchiveReader::copy_to(const OpenFile& to) {
  std::uint64_t copied = 0;
  la_ssize_t got = 0;
  while ((got = archive_read_data(handle_->archive.get(), handle_->chunk.data(), handle_->chunk.size())) > 0) {
    append(to, std::string_view(handle_->chunk).substr(0, static_cast<std::size_t>(got)));
    copied += static_cast<std::uint64_t>(got);
  }
  if (got < 0) {
    fail_damaged();
  }
  return copied;
}

}  // namespace gbsim
