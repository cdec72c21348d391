// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/temp_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <system_error>

namespace gbsim {

namespace fs = std::filesystem;

namespace {

/** Not /tmp, which is often in memory: recordings are large. */
fs::path temp_root() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
}

[[noreturn]] void fail(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string() + " (TMPDIR chooses another place)");
}

}  // namespace

OpenFile open_temp_file() {
  constexpr mode_t kOwnerOnly = 0600;
  OpenFile nameless(open(temp_root().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kOwnerOnly));
  if (nameless.fd() >= 0) {
    return nameless;
  }
  // Not every file system can do that: there it has a name for a moment.
  std::string name = (temp_root() / "gbsim-XXXXXX").string();
  OpenFile file(mkostemp(name.data(), O_CLOEXEC));
  if (file.fd() < 0) {
    fail(name);
  }
  unlink(name.c_str());
  return file;
}

void append(const OpenFile& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file.fd(), bytes.data(), bytes.size());
    if (written < 0) {
      fail(temp_root());
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

TempDir::TempDir() {
  std::string name = (temp_root() / "gbsim-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    fail(name);
  }
  path_ = name;
}

TempDir::~TempDir() {
  if (is_kept_) {
    return;
  }
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace gbsim
