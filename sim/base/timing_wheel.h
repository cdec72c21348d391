// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/big_vector.h"
#include "sim/base/prefetch.h"
#include "sim/base/types.h"

namespace gbsim {

/**
 * Pending events of type @T in order of due time, ties in order of insertion; O(1) each (Varghese and Lauck, 1987).
 * T is small and trivially copyable. An event scheduled for the past fires next: in the running advance, or at the
 * start of the next one. Events sit in pooled chunks linked by index; nothing is allocated per event.
 */
template <class T>
class TimingWheel {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  /** @tick, rounded down to a power of two ns, is how finely slots divide time; order within a slot is exact. */
  explicit TimingWheel(Ns tick = Ns{1 << 17})
      : shift_(63 - std::countl_zero(static_cast<std::uint64_t>(std::max<std::int64_t>(tick.count(), 1)))) {}

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /** Requires: @due is not negative. */
  void schedule(Ns due, const T& event) {
    place(Entry{due.count(), event});
    ++size_;
  }

  /**
   * Calls @fire(Ns due, T) for every event due before @until, in order. @fire may schedule more, which fire in the
   * same advance if they are due before @until.
   */
  template <class Fire>
  void advance(Ns until, Fire&& fire) {
    const std::int64_t end = until.count();
    do {
      sort_current();
      fire_current(end, fire);
    } while (current_.empty() && enter_next_slot(end));
  }

  /** The earliest due time; Ns::max() if nothing is pending. */
  Ns next_due() const {
    std::int64_t earliest = kNever;
    for (std::size_t i = cursor_; i < current_.size(); ++i) {
      earliest = std::min(earliest, current_[i].due);
      if (sorted_) {
        break;
      }
    }
    for (const Level& level : levels_) {
      if (const int digit = first_digit(level); earliest == kNever && digit >= 0) {
        earliest = level.slots[static_cast<std::size_t>(digit)].earliest;
      }
    }
    return Ns{earliest};
  }

  /** Forgets all pending events; time goes on. */
  void clear() {
    for (Level& level : levels_) {
      level = Level{};
    }
    chunks_.clear();
    free_chunks_.clear();
    current_.clear();
    cursor_ = 0;
    size_ = 0;
  }

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  static constexpr std::uint32_t kNoChunk = ~std::uint32_t{0};
  static constexpr unsigned kDigitBits = 8;
  static constexpr std::size_t kSlots = std::size_t{1} << kDigitBits;
  static constexpr std::size_t kLevels = 64 / kDigitBits;
  static constexpr std::size_t kChunkBytes = 512;

  struct Entry {
    std::int64_t due;
    T event;
  };
  static constexpr std::uint32_t kPerChunk = std::max<std::uint32_t>(2, (kChunkBytes - 8) / sizeof(Entry));

  /** A run of entries of one slot, in order of insertion; full unless it is the slot's last. */
  struct Chunk {
    std::uint32_t next;
    std::array<Entry, kPerChunk> entries;
  };

  /** Knows how full its last chunk is, so that appending writes to cold memory but never reads it. */
  struct Slot {
    std::int64_t earliest = kNever;
    std::uint32_t head = kNoChunk;
    std::uint32_t tail = kNoChunk;
    std::uint32_t in_tail = kPerChunk;
  };

  /** The slots of one digit of the tick number; allocated when first used. */
  struct Level {
    std::vector<Slot> slots{};
    std::array<std::uint64_t, kSlots / 64> occupied{};
  };

  /** Due time above, position below: one comparison without a branch. */
  using SortKey = unsigned __int128;

  std::uint64_t tick_of(std::int64_t due) const { return static_cast<std::uint64_t>(due) >> shift_; }

  void place(const Entry& entry) {
    const std::uint64_t tick = tick_of(entry.due);
    if (tick <= now_) {
      add_to_current(entry);
      return;
    }
    const auto level = static_cast<unsigned>(std::bit_width(tick ^ now_) - 1) / kDigitBits;
    append(levels_[level], (tick >> (level * kDigitBits)) % kSlots, entry);
  }

  void append(Level& level, std::size_t digit, const Entry& entry) {
    if (level.slots.empty()) {
      level.slots.resize(kSlots);
    }
    Slot& slot = level.slots[digit];
    if (slot.in_tail == kPerChunk) {
      add_chunk(slot);
      level.occupied[digit / 64] |= std::uint64_t{1} << (digit % 64);
    }
    chunks_[slot.tail].entries[slot.in_tail++] = entry;
    slot.earliest = std::min(slot.earliest, entry.due);
  }

  std::uint32_t take_free_chunk() {
    if (free_chunks_.empty()) {
      chunks_.emplace_back();
      return static_cast<std::uint32_t>(chunks_.size() - 1);
    }
    const std::uint32_t chunk = free_chunks_.back();
    free_chunks_.pop_back();
    return chunk;
  }

  void add_chunk(Slot& slot) {
    const std::uint32_t chunk = take_free_chunk();
    (slot.tail == kNoChunk ? slot.head : chunks_[slot.tail].next) = chunk;
    slot.tail = chunk;
    slot.in_tail = 0;
  }

  /** While events fire, the rest of the current slot stays sorted; otherwise sorting waits for the advance. */
  void add_to_current(const Entry& entry) {
    if (!firing_ || cursor_ == current_.size() || current_.back().due <= entry.due) {
      sorted_ = sorted_ && (cursor_ == current_.size() || current_.back().due <= entry.due);
      current_.push_back(entry);
      return;
    }
    const auto rest = current_.begin() + static_cast<std::ptrdiff_t>(cursor_);
    const auto later = [](std::int64_t due, const Entry& other) { return due < other.due; };
    current_.insert(std::upper_bound(rest, current_.end(), entry.due, later), entry);
  }

  void sort_current() {
    if (sorted_) {
      return;
    }
    keys_.clear();
    for (std::size_t i = cursor_; i < current_.size(); ++i) {
      keys_.push_back(static_cast<SortKey>(current_[i].due) << 32 | i);
    }
    std::sort(keys_.begin(), keys_.end());
    scratch_.clear();
    for (const SortKey key : keys_) {
      scratch_.push_back(current_[static_cast<std::uint32_t>(key)]);
    }
    current_.swap(scratch_);
    cursor_ = 0;
    sorted_ = true;
  }

  template <class Fire>
  void fire_current(std::int64_t end, Fire& fire) {
    firing_ = true;
    while (cursor_ < current_.size() && current_[cursor_].due < end) {
      const Entry entry = current_[cursor_++];
      --size_;
      fire(Ns{entry.due}, entry.event);
    }
    firing_ = false;
    if (cursor_ == current_.size()) {
      current_.clear();
      cursor_ = 0;
    }
  }

  int first_digit(const Level& level) const {
    for (std::size_t word = 0; word < level.occupied.size(); ++word) {
      if (level.occupied[word] != 0) {
        return static_cast<int>(word * 64) + std::countr_zero(level.occupied[word]);
      }
    }
    return -1;
  }

  /** Moves on to the first occupied slot if it starts before @end and spreads it over the levels below. */
  bool enter_next_slot(std::int64_t end) {
    for (std::size_t at = 0; at < kLevels; ++at) {
      const int digit = first_digit(levels_[at]);
      if (digit < 0) {
        continue;
      }
      const std::uint64_t above = kDigitBits * (at + 1) < 64 ? now_ >> (kDigitBits * (at + 1)) : 0;
      const std::uint64_t start = ((above << kDigitBits) | static_cast<std::uint64_t>(digit)) << (kDigitBits * at);
      if (levels_[at].slots[static_cast<std::size_t>(digit)].earliest >= end) {
        return false;
      }
      now_ = start;
      spread(levels_[at], static_cast<std::size_t>(digit));
      return true;
    }
    return false;
  }

  void prefetch(std::uint32_t chunk) const {
    for (std::size_t byte = 0; chunk < chunks_.size() && byte < sizeof(Chunk); byte += 64) {
      prefetch_line(reinterpret_cast<const char*>(&chunks_[chunk]) + byte);
    }
  }

  /** Empties the slot at @digit: level 0 into the current tick, others into the levels below. */
  void spread(Level& level, std::size_t digit) {
    const Slot slot = std::exchange(level.slots[digit], Slot{});
    level.occupied[digit / 64] &= ~(std::uint64_t{1} << (digit % 64));
    if (const int next = first_digit(level); next >= 0) {
      prefetch(level.slots[static_cast<std::size_t>(next)].head);
    }
    std::uint32_t at = slot.head;
    while (at != slot.tail) {
      at = spread_chunk(at, kPerChunk);
    }
    spread_chunk(at, slot.in_tail);
  }

  /** Places the first @count entries of a chunk, gives it back and returns the one behind it. */
  std::uint32_t spread_chunk(std::uint32_t at, std::uint32_t count) {
    const std::uint32_t next = chunks_[at].next;
    prefetch(next);
    std::array<Entry, kPerChunk> entries;  // a copy: placing may grow the pool
    std::copy_n(chunks_[at].entries.begin(), count, entries.begin());
    free_chunks_.push_back(at);
    for (std::uint32_t i = 0; i < count; ++i) {
      place(entries[i]);
    }
    return next;
  }

  int shift_;
  std::uint64_t now_ = 0;  // tick whose events are in current_
  std::size_t size_ = 0;
  std::array<Level, kLevels> levels_{};
  BigVector<Chunk> chunks_;
  std::vector<std::uint32_t> free_chunks_;
  std::vector<Entry> current_;  // from cursor_ on: due in tick now_ or earlier
  std::size_t cursor_ = 0;
  bool sorted_ = true;
  bool firing_ = false;
  std::vector<SortKey> keys_;
  std::vector<Entry> scratch_;
};

}  // namespace gbsim
