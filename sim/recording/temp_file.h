// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "sim/recording/open_file.h"

namespace gbsim {

/** An empty file without a name in $TMPDIR (/var/tmp): it is gone with its owner. Throws std::system_error. */
OpenFile open_temp_file();

/** Writes all of @bytes at the end of @file. Throws std::system_error. */
void append(const OpenFile& file, std::string_view bytes);

/** A directory of its own in $TMPDIR (/var/tmp), removed with its owner unless kept. Throws std::system_error. */
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }
  /** It stays when its owner goes. */
  void keep() { is_kept_ = true; }

 private:
  bool is_kept_ = false;
  std::filesystem::path path_;
};

}  // namespace gbsim
