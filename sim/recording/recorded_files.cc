// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/recorded_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sim/recording/archive_contents.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/gbtrace.h"
#include "sim/recording/temp_file.h"

namespace gbsim {

namespace fs = std::filesystem;

/** The trace, which is read at random offsets, has a file of its own; all else lies in one: descriptors are few. */
class RecordedFiles::Unpacked {
 public:
  explicit Unpacked(const fs::path& archive) : name_(archive) {
    ArchiveReader reader(archive);
    while (const auto member = reader.next()) {
      const bool is_trace = *member == fs::path(kGbtraceTrace);
      is_trace ? take_trace(reader) : take(*member, reader);
    }
    // Archives that others packed, or that were packed before there was a table, have none.
    if (has(kContentsTable)) {
      check(read_contents_table(open(kContentsTable)));
    }
  }

  const fs::path& name() const { return name_; }

  bool has(const fs::path& member) const {
    return parts_.contains(member) || (trace_ != nullptr && member == fs::path(kGbtraceTrace));
  }

  InputFile open(const fs::path& member) const {
    if (trace_ != nullptr && member == fs::path(kGbtraceTrace)) {
      return {trace_, name_ / member};
    }
    const auto found = parts_.find(member);
    if (found == parts_.end()) {
      throw BadRecording(name_, 0, fmt::format("no {} in this archive", member.string()));
    }
    return {rest_, found->second.begin, found->second.size, name_ / member};
  }

  /** First names of the members below @folder, sorted. */
  std::vector<std::string> names_in(const fs::path& folder) const {
    std::vector<std::string> names;
    for (const auto& [member, part] : parts_) {
      const auto [rest, end] = std::ranges::mismatch(member, folder);
      if (end == folder.end() && rest != member.end()) {
        names.push_back(rest->string());
      }
    }
    const auto [first, last] = std::ranges::unique(names);
    names.erase(first, last);
    return names;
  }

 private:
  struct Part {
    std::uint64_t begin;
    std::uint64_t size;
  };

  void take_trace(ArchiveReader& reader) {
    auto file = std::make_shared<OpenFile>(open_temp_file());
    reader.copy_to(*file);
    trace_ = std::move(file);
  }

  void take(const fs::path& member, ArchiveReader& reader) {
    const std::uint64_t size = reader.copy_to(*rest_);
    parts_[member] = {end_, size};
    end_ += size;
  }

  void check(const ArchiveContents& listed) const {
    ArchiveContents found;
    for (const auto& [member, sum] : listed) {
      if (has(member)) {
        found[member] = sum_of(open(member));
      }
    }
    check_contents(name_, listed, found);
  }

  fs::path name_;
  std::shared_ptr<const OpenFile> trace_;  // nullptr: there is none
  std::shared_ptr<const OpenFile> rest_ = std::make_shared<const OpenFile>(open_temp_file());
  std::uint64_t end_ = 0;  // of rest_
  std::map<fs::path, Part> parts_;
};

RecordedFiles RecordedFiles::unpack(const fs::path& archive) {
  return {std::make_shared<const Unpacked>(archive), fs::path()};
}

bool RecordedFiles::has(const fs::path& name) const {
  return archive_ != nullptr ? archive_->has(folder_ / name) : fs::exists(folder_ / name);
}

InputFile RecordedFiles::open(const fs::path& name) const {
  return archive_ != nullptr ? archive_->open(folder_ / name) : InputFile(folder_ / name);
}

std::string RecordedFiles::text(const fs::path& name, std::uint64_t limit) const {
  return has(name) ? read_whole(open(name), limit) : std::string();
}

std::vector<std::string> RecordedFiles::names() const {
  if (archive_ != nullptr) {
    return archive_->names_in(folder_);
  }
  std::vector<std::string> names;
  if (fs::is_directory(folder_)) {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      names.push_back(entry.path().filename().string());
    }
  }
  std::ranges::sort(names);
  return names;
}

RecordedFiles RecordedFiles::below(const fs::path& folder) const { return {archive_, folder_ / folder}; }

fs::path RecordedFiles::path_of(const fs::path& name) const {
  return (archive_ != nullptr ? archive_->name() / folder_ : folder_) / name;
}

}  // namespace gbsim
