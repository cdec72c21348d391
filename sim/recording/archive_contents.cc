// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/archive_contents.h"

#include <fmt/format.h>
#include <zlib.h>

#include <cerrno>
#include <system_error>

#include "sim/recording/text_lines.h"

namespace gbsim {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kHeading = "bytes,crc32,path";

/** In words what is wrong with @member; empty: it is as listed. */
std::string difference(const fs::path& member, const MemberSum& listed, const ArchiveContents& found) {
  const auto at = found.find(member);
  if (at == found.end()) {
    return fmt::format("\n  {} is missing", member.string());
  }
  const MemberSum& is = at->second;
  return is == listed ? std::string{}
                      : fmt::format("\n  {} has {} bytes of CRC {:08x}, and was packed with {} of {:08x}",
                                    member.string(), is.bytes, is.crc32, listed.bytes, listed.crc32);
}

}  // namespace

void MemberSum::add(std::string_view more) {
  crc32 = static_cast<std::uint32_t>(crc32_z(crc32, reinterpret_cast<const Bytef*>(more.data()), more.size()));
  bytes += more.size();
}

MemberSum sum_of(const InputFile& file) {
  std::string chunk(std::size_t{1} << 18, '\0');
  MemberSum sum;
  std::int64_t got = 0;
  while ((got = file.read(sum.bytes, chunk.data(), chunk.size())) > 0) {
    sum.add(std::string_view(chunk).substr(0, static_cast<std::size_t>(got)));
  }
  if (got < 0) {
    throw BadRecording(file.name(), sum.bytes, std::generic_category().message(errno));
  }
  return sum;
}

std::string contents_table(const ArchiveContents& contents) {
  std::string table = fmt::format("{}\n", kHeading);
  for (const auto& [path, sum] : contents) {
    table += fmt::format("{},{:08x},{}\n", sum.bytes, sum.crc32, path.generic_string());
  }
  return table;
}

ArchiveContents read_contents_table(const InputFile& table) {
  TextLines lines(table);
  if (lines.next() != kHeading) {
    lines.fail(fmt::format("the header is not '{}'", kHeading));
  }
  ArchiveContents contents;
  while (const auto row = lines.next()) {
    const auto fields = split_fields(*row, ',');
    const auto crc = fields.size() < 3 ? std::nullopt : whole_number<std::uint32_t>(fields[1], 16);
    if (!crc) {
      lines.fail(fmt::format("a row is '{}', the second in hexadecimal digits", kHeading));
    }
    const auto path = row->substr(fields[0].size() + fields[1].size() + 2);  // which may have commas
    contents[path] = {lines.number<std::uint64_t>(fields[0]), *crc};
  }
  return contents;
}

void check_contents(const fs::path& archive, const ArchiveContents& listed, const ArchiveContents& found) {
  std::string differences;
  for (const auto& [member, sum] : listed) {
    differences += difference(member, sum, found);
  }
  if (!differences.empty()) {
    throw BadRecording(archive, 0,
                       fmt::format("the archive is not as it was packed: copy it anew, or pack it without {} if it was "
                                   "changed on purpose{}",
                                   kContentsTable, differences));
  }
}

}  // namespace gbsim
