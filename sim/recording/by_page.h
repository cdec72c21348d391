// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/types.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/** kChunkShift for what few pages have, far apart. */
inline constexpr unsigned kFewPages = 10;

/**
 * Something of each page of a machine whose size is not known, at first Value{}. Takes memory for pages written to and
 * up to 1 << kChunkShift around them, so that one page number gone wrong does not cost what lies before it. Pages that
 * no machine has stay as they are.
 */
template <class Value, unsigned kChunkShift = 17>
class ByPage {
 public:
  Value operator[](Pfn pfn) const {
    const Chunk* chunk = chunk_of(pfn.value >> kChunkShift);
    return chunk != nullptr ? (*chunk)[pfn.value % kChunk] : Value{};
  }
  void fill(Pfn pfn, NrPages count, Value value) {
    const std::uint64_t chunk = pfn.value >> kChunkShift;
    if (count == NrPages{1} && chunk < chunks_.size() && chunks_[chunk]) [[likely]] {
      (*chunks_[chunk])[pfn.value % kChunk] = value;
    } else {
      fill_range(pfn, count, value);
    }
  }

 protected:
  static constexpr unsigned kShift = kChunkShift;
  static constexpr std::uint64_t kChunk = std::uint64_t{1} << kShift;
  using Chunk = std::array<Value, kChunk>;

  /** nullptr: nothing was written to any of its pages. */
  const Chunk* chunk_of(std::uint64_t number) const {
    return number < chunks_.size() ? chunks_[number].get() : nullptr;
  }

 private:
  void fill_range(Pfn pfn, NrPages count, Value value);

  std::vector<std::unique_ptr<Chunk>> chunks_;
};

template <class Value, unsigned kChunkShift>
void ByPage<Value, kChunkShift>::fill_range(Pfn pfn, NrPages count, Value value) {
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
