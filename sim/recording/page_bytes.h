// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/types.h"

namespace gbsim {

/** Pages from here on lie beyond 52 bits of physical address: no machine has them. */
inline constexpr Pfn kEndOfPages{std::uint64_t{1} << 40};

/**
 * A byte for each page of a machine whose size is not known, at first 0. Takes memory for pages written to and around
 * them, so that one page number gone wrong does not cost what lies before it. Pages that no machine has stay 0.
 */
class PageBytes {
 public:
  std::uint8_t operator[](Pfn pfn) const {
    const std::uint64_t chunk = pfn.value >> kChunkShift;
    return chunk < chunks_.size() && chunks_[chunk] ? (*chunks_[chunk])[pfn.value % kChunk] : std::uint8_t{0};
  }
  void fill(Pfn pfn, NrPages count, std::uint8_t value) {
    const std::uint64_t chunk = pfn.value >> kChunkShift;
    if (count == NrPages{1} && chunk < chunks_.size() && chunks_[chunk]) [[likely]] {
      (*chunks_[chunk])[pfn.value % kChunk] = value;
    } else {
      fill_range(pfn, count, value);
    }
  }
  /** By value, how many of @count pages from @pfn have it. */
  std::array<std::uint64_t, 256> histogram(Pfn pfn, NrPages count) const;

 private:
  static constexpr unsigned kChunkShift = 17;
  static constexpr std::uint64_t kChunk = std::uint64_t{1} << kChunkShift;
  using Chunk = std::array<std::uint8_t, kChunk>;

  void fill_range(Pfn pfn, NrPages count, std::uint8_t value);

  std::vector<std::unique_ptr<Chunk>> chunks_;
};

}  // namespace gbsim
