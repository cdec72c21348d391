// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sim/recording/open_file.h"

namespace gbsim {

/** Members of a .gbtrace: one tar, packed with zstd, of all that was recorded. */
inline constexpr std::string_view kGbtraceTrace = "trace.dat";
inline constexpr std::string_view kGbtraceSnapshots = "snaps";

/**
 * Packs every file under @dir into @archive, and a table of them at its end. Throws std::runtime_error; nothing is left
 * half-written.
 */
void pack_gbtrace(const std::filesystem::path& dir, const std::filesystem::path& archive);

/** @file is a tar archive, compressed or not. */
bool is_gbtrace(const std::filesystem::path& file);

/** Files of a tar archive, compressed or not, one after the other. */
class ArchiveReader {
 public:
  /** Throws BadRecording. */
  explicit ArchiveReader(std::filesystem::path archive);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  /** The next file's path; nothing at the end. Throws BadRecording, also if it would lie outside of the archive. */
  std::optional<std::filesystem::path> next();
  /** Writes what that file holds at the end of @to; returns how many bytes. Throws BadRecording. */
  std::uint64_t copy_to(const OpenFile& to);

 private:
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_damaged() const;

  struct Handle;
  std::filesystem::path name_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace gbsim
