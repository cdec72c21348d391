// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/base/random.h"
#include "sim/recording/byte_source.h"

namespace gbsim::test {

/** Some bytes of @content are others; at times its end is missing. */
inline std::string damaged(std::string content, RandomStream& random) {
  for (int hit = 0; hit < 4; ++hit) {
    content[random.below(content.size())] = static_cast<char>(random.below(256));
  }
  return random.chance(0.25) ? content.substr(0, random.below(content.size())) : content;
}

/** What @read says of a damaged file; whatever else it throws fails the test. */
template <class Read>
void survives(Read&& read) {
  try {
    read();
  } catch (const BadRecording& bad) {
    CHECK(std::string(bad.what()).find(": error: at byte ") != std::string::npos);
  }
}

/** A zone of one file pgsnap. */
inline std::string pgsnap_bytes() {
  std::vector<std::uint32_t> words{0x50414e53, 0, 1, 64, 16, 16, 15, 3, 7000, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  words.insert(words.end(), {2, 5, 14, 1, 1, 0, 1, 70, 0, 0, 0, 0, 0, 0, 0, 1, 72});
  words.insert(words.end(), {0, 2, 31, 8, 2, 65, 66});
  words.insert(words.end(), 13, 0);
  words.insert(words.end(), {8, 1, 1, 1, 1, 1, 1, 9, 4});
  words[1] = static_cast<std::uint32_t>(words.size());
  return {reinterpret_cast<const char*>(words.data()), words.size() * sizeof words[0]};
}

}  // namespace gbsim::test
