// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/page_bytes.h"

#include <algorithm>
#include <cstring>

namespace gbsim {

namespace {

/** Eight at a time where they are alike: neighbours mostly are. */
void count_values(const std::uint8_t* bytes, std::size_t size, std::array<std::uint64_t, 256>& counts) {
  constexpr std::uint64_t kEachByte = 0x0101010101010101;
  for (std::size_t i = 0; i < size;) {
    std::uint64_t word = 0;
    const bool whole = i + sizeof word <= size;
    std::memcpy(&word, bytes + i, whole ? sizeof word : 1);
    const bool alike = whole && word == bytes[i] * kEachByte;
    counts[bytes[i]] += alike ? sizeof word : 1;
    i += alike ? sizeof word : 1;
  }
}

}  // namespace

std::array<std::uint64_t, 256> PageBytes::histogram(Pfn pfn, NrPages count) const {
  std::array<std::uint64_t, 256> pages{};
  for (const Pfn end = pfn + count; pfn < end;) {
    const std::uint64_t chunk = pfn.value >> kShift;
    const std::uint64_t part = std::min((chunk + 1) << kShift, end.value) - pfn.value;
    if (const Chunk* written = chunk_of(chunk)) {
      count_values(written->data() + pfn.value % kChunk, part, pages);
    } else {
      pages[0] += part;
    }
    pfn += NrPages{part};
  }
  return pages;
}

}  // namespace gbsim
