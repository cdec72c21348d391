// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "sim/recording/input_file.h"

namespace gbsim {

/** By which a member of an archive is known to be as it was packed: not every flipped bit harms compressed data. */
struct MemberSum {
  std::uint64_t bytes = 0;
  std::uint32_t crc32 = 0;  // as gzip computes it

  /** @more follows what was added before. */
  void add(std::string_view more);
  bool operator==(const MemberSum&) const = default;
};

/** Of all that @file holds, as it is stored. Throws BadRecording if it cannot be read. */
MemberSum sum_of(const InputFile& file);

/** Members of an archive, by path. */
using ArchiveContents = std::map<std::filesystem::path, MemberSum>;

/** The member that lists the others: rows `bytes,crc32,path`. */
inline constexpr std::string_view kContentsTable = "contents.csv";

/** @contents as that member holds them. */
std::string contents_table(const ArchiveContents& contents);

/** What @table lists. Throws BadRecording with the line that cannot be read. */
ArchiveContents read_contents_table(const InputFile& table);

/** Throws BadRecording, with all that differs, unless @found has every member of @listed as it was. */
void check_contents(const std::filesystem::path& archive, const ArchiveContents& listed, const ArchiveContents& found);

}  // namespace gbsim
