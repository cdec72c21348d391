// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/page_bytes.h"

#include <algorithm>

namespace gbsim {

void PageBytes::fill(Pfn pfn, NrPages count, std::uint8_t value) {
  if (pfn >= kEndOfPages || kEndOfPages - pfn < count) {
    return;
  }
  for (const Pfn end = pfn + count; pfn < end;) {
    const std::uint64_t chunk = pfn.value >> kChunkShift;
    const NrPages part{std::min((chunk + 1) << kChunkShift, end.value) - pfn.value};
    if (chunk >= chunks_.size()) {
      chunks_.resize(chunk + 1);
    }
    if (!chunks_[chunk]) {
      chunks_[chunk] = std::make_unique<Chunk>();
    }
    std::fill_n(chunks_[chunk]->begin() + pfn.value % kChunk, part.value, value);
    pfn += part;
  }
}

}  // namespace gbsim
