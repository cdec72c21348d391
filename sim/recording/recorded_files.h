// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "sim/recording/input_file.h"

namespace gbsim {

/**
 * Files kept with a recording, below one folder: on disk, or in an archive. That is unpacked once, into files without
 * names in $TMPDIR (/var/tmp), which are gone with the last copy of this object, however the program ends.
 */
class RecordedFiles {
 public:
  /** Those below @folder, which may be missing. */
  RecordedFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /** All of @archive, a tar, compressed or not. Throws BadRecording, also on a member that is not as its table says. */
  static RecordedFiles unpack(const std::filesystem::path& archive);

  /** There is such a file; @name may lie in folders below. */
  bool has(const std::filesystem::path& name) const;
  /** Throws BadRecording if there is no such file. */
  InputFile open(const std::filesystem::path& name) const;
  /** The whole of a small one; empty if there is none. Throws BadRecording beyond @limit bytes. */
  std::string text(const std::filesystem::path& name, std::uint64_t limit = std::uint64_t{1} << 30) const;
  /** What lies directly in the folder, files and folders, sorted; nothing if it is missing. */
  std::vector<std::string> names() const;
  /** Those in a folder below. */
  RecordedFiles below(const std::filesystem::path& folder) const;
  /** How errors name one. */
  std::filesystem::path path_of(const std::filesystem::path& name) const;

 private:
  class Unpacked;
  RecordedFiles(std::shared_ptr<const Unpacked> archive, std::filesystem::path folder)
      : archive_(std::move(archive)), folder_(std::move(folder)) {}

  std::shared_ptr<const Unpacked> archive_;  // nullptr: on disk
  std::filesystem::path folder_;             // of the archive, or on disk
};

}  // namespace gbsim
