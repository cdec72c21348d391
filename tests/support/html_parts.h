// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <zlib.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gbsim::test {

/** The bytes that @text stands for in base64. */
inline std::string from_base64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned word = 0, bits = 0;
  for (const char c : text.substr(0, text.find('='))) {
    word = (word << 6U | static_cast<unsigned>(kDigits.find(c))) & 0xffffffU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(word >> bits & 0xffU);
    }
  }
  return bytes;
}

/** What the zlib stream @packed held. */
inline std::string inflated(const std::string& packed) {
  std::string bytes(64U << 20U, '\0');
  uLongf size = bytes.size();
  if (uncompress(reinterpret_cast<Bytef*>(bytes.data()), &size, reinterpret_cast<const Bytef*>(packed.data()),
                 packed.size()) != Z_OK) {
    throw std::runtime_error("no zlib stream");
  }
  bytes.resize(size);
  return bytes;
}

/** The pieces of the data part @name of a report's @page, unpacked; none if the page does not carry it. */
inline std::vector<std::string> parts_of(const std::string& page, const std::string& name) {
  const std::string open = "data-part=\"" + name + "\">\n";
  const std::size_t start = page.find(open);
  if (start == std::string::npos) {
    return {};
  }
  const std::size_t from = start + open.size();
  std::istringstream lines(page.substr(from, page.find("</script>", from) - from));
  std::vector<std::string> pieces;
  for (std::string line; std::getline(lines, line);) {
    pieces.push_back(inflated(from_base64(line)));
  }
  return pieces;
}

}  // namespace gbsim::test
