// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/temp_file.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <system_error>

#include "sim/recording/byte_source.h"

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
  std::string name = (temp_root() / "gbsim-XXXXXX").string();
  OpenFile file(mkostemp(name.data(), O_CLOEXEC));
  if (file.fd() < 0) {
    fail(name);
  }
  unlink(name.c_str());
  return file;
}

OpenFile open_unpacked(const fs::path& path) {
  ByteSource source(path);
  if (!source.packed()) {
    return OpenFile(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  }
  OpenFile file = open_temp_file();
  std::string chunk(std::size_t{1} << 18, '\0');
  for (std::size_t got = source.read(chunk.data(), chunk.size()); got != 0;
       got = source.read(chunk.data(), chunk.size())) {
    if (write(file.fd(), chunk.data(), got) != static_cast<ssize_t>(got)) {
      fail(temp_root());
    }
  }
  lseek(file.fd(), 0, SEEK_SET);
  return file;
}

TempDir::TempDir() {
  std::string name = (temp_root() / "gbsim-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    fail(name);
  }
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace gbsim
