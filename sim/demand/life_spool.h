// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <queue>
#include <span>
#include <vector>

#include "sim/base/types.h"
#include "sim/recording/temp_file.h"

namespace gbsim {

/** One recorded allocation. Times are of the recording's clock. */
struct RecordedAllocation {
  Ns born{0};
  Ns died{Ns::max()};        // max: it outlives the recording
  std::uint64_t number = 0;  // from 0, in the order in which the recording tells of them
  std::uint32_t kind = 0;
  std::uint16_t cpu = 0;
};
static_assert(sizeof(RecordedAllocation) == 32);  // on disk, too

/**
 * Allocations in any number, given in order of death and taken in order of birth, then number. The last ones are in
 * memory, the others, sorted a stretch at a time, in a file without a name in $TMPDIR.
 */
class LifeSpool {
 public:
  static constexpr std::size_t kHeld = std::size_t{1} << 18;  // 8 MiB

  /** At most @held are in memory. */
  explicit LifeSpool(std::size_t held = kHeld) : most_(held) {}

  /** Throws std::system_error if the file cannot be written. */
  void add(const RecordedAllocation& life);
  /** Nothing is added afterwards; only then may it be read. */
  void close();
  std::uint64_t size() const { return stretches_ * most_ + held_.size(); }

 private:
  friend class LifeReader;

  std::size_t most_;
  std::vector<RecordedAllocation> held_;
  std::uint64_t stretches_ = 0;  // in file_; each sorted, and most_ long
  OpenFile file_;
};

/** Takes the allocations of a spool, each once. */
class LifeReader {
 public:
  /** @spool is closed, and outlives the object. */
  explicit LifeReader(const LifeSpool& spool);

  /** The next by birth, valid until the following call; nullptr at the end. Throws std::system_error. */
  const RecordedAllocation* next();

 private:
  /** A sorted stretch: what is in memory of it, and where the rest lies. */
  struct Stretch {
    std::span<const RecordedAllocation> in_memory{};
    std::uint64_t offset = 0;  // in the file,
    std::size_t left = 0;      // so many
    std::vector<RecordedAllocation> chunk{};
  };
  struct Later {
    bool operator()(const Stretch* a, const Stretch* b) const;
  };
  /** Reads on where nothing is in memory. False: the stretch has ended. */
  bool has_more(Stretch& stretch) const;

  const LifeSpool& spool_;
  std::vector<Stretch> stretches_;
  std::priority_queue<Stretch*, std::vector<Stretch*>, Later> heads_;
  RecordedAllocation current_;
};

}  // namespace gbsim
