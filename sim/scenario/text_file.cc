// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/text_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace gbsim {

std::optional<std::string> read_text_file(const std::filesystem::path& path, const ErrorSink& errors) {
  constexpr std::size_t kEnough = (std::size_t{1} << 20) + 1;  // one byte more than the YAML reader accepts
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    errors.add({}, "is a directory; a YAML file is needed");
    return std::nullopt;
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    errors.add({}, fmt::format("cannot be read: {}", std::strerror(errno)));
    return std::nullopt;
  }
  std::string text(kEnough, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(kEnough));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace gbsim
