// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/base/big_vector.h"
#include "sim/base/check.h"
#include "sim/base/prefetch.h"

namespace gbsim {

/** A page by its distance from the start of its zone. */
using PageIndex = std::uint32_t;

inline constexpr PageIndex kNoPage = 0xffffffffU;

/**
 * One buddy free list in exact kernel order: a growable ring of block indices with tombstones.
 * add returns the entry's position, which the page map keeps so that remove is O(1). Positions stay valid when the
 * ring grows; they change only when tombstones are squeezed out, and then @moved(block, position) reports each.
 */
class FreeList {
 public:
  /** Positions fit in this many bits. */
  static constexpr unsigned kPositionBits = 28;

  FreeList() = default;
  FreeList(const FreeList&) = delete;
  FreeList& operator=(const FreeList&) = delete;

  bool empty() const { return live_ == 0; }
  std::uint32_t size() const { return live_; }
  /** The same blocks in the same order; tombstones do not count. */
  bool operator==(const FreeList& other) const;
  /** Grows whenever a block joins or leaves: while it stays, so does the list. */
  std::uint64_t changes() const { return changes_; }

  template <class Moved>
  std::uint32_t add_head(PageIndex block, Moved&& moved) {
    make_room(moved);
    --head_;
    return put(head_, block);
  }

  template <class Moved>
  std::uint32_t add_tail(PageIndex block, Moved&& moved) {
    make_room(moved);
    return put(tail_++, block);
  }

  /** Requires: not empty. */
  PageIndex head() const { return at(head_); }
  PageIndex tail() const { return at(tail_ - 1); }

  /** The entry at @position becomes a tombstone. Requires: @block is there. */
  void remove(std::uint32_t position, [[maybe_unused]] PageIndex block) {
    GBSIM_DCHECK(at(position) == block);
    entry(position) = kNoPage;
    --live_;
    ++changes_;
    trim();
  }

  /** Hints that the entry at @position will be removed soon. */
  void prefetch(std::uint32_t position) const { prefetch_line(&entries_[position & mask_]); }

  /** @visit(block) head to tail, until it returns false. */
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::uint32_t i = head_; i != tail_; ++i) {
      if (at(i) != kNoPage && !visit(at(i))) {
        return;
      }
    }
  }

  /** @visit(block) tail to head, until it returns false. */
  template <class Visit>
  void for_each_reverse(Visit&& visit) const {
    for (std::uint32_t i = tail_; i != head_; --i) {
      if (at(i - 1) != kNoPage && !visit(at(i - 1))) {
        return;
      }
    }
  }

  /** The raw entry @ahead places after the head, for prefetching; kNoPage if there is none. */
  PageIndex peek(std::uint32_t ahead) const { return ahead < tail_ - head_ ? at(head_ + ahead) : kNoPage; }

  std::uint64_t metadata_bytes() const {
    return ring_.empty() ? 0 : HugePageAllocator<PageIndex>::resident_bytes(entries_, ring_.size());
  }

 private:
  static constexpr std::uint32_t kFirstCapacity = 16;

  PageIndex at(std::uint32_t position) const { return entries_[position & mask_]; }
  PageIndex& entry(std::uint32_t position) { return entries_[position & mask_]; }

  std::uint32_t put(std::uint32_t position, PageIndex block) {
    entry(position) = block;
    ++live_;
    ++changes_;
    return position & ((1U << kPositionBits) - 1);
  }

  /** Both ends of the used range hold live entries. */
  void trim() {
    while (head_ != tail_ && at(head_) == kNoPage) {
      ++head_;
    }
    while (head_ != tail_ && at(tail_ - 1) == kNoPage) {
      --tail_;
    }
  }
  void grow();

  template <class Moved>
  void make_room(Moved& moved) {
    if (tail_ - head_ < ring_.size()) {
      return;
    }
    if (!ring_.empty() && live_ <= ring_.size() / 2) {
      squeeze(moved);
    } else {
      grow();
    }
  }

  template <class Moved>
  void squeeze(Moved& moved) {
    std::uint32_t to = head_;
    for (std::uint32_t from = head_; from != tail_; ++from) {
      const PageIndex block = at(from);
      if (block == kNoPage) {
        continue;
      }
      entry(from) = kNoPage;
      entry(to) = block;
      moved(block, to & ((1U << kPositionBits) - 1));
      ++to;
    }
    tail_ = to;
  }

  BigVector<PageIndex> ring_;
  PageIndex* entries_ = nullptr;  // ring_.data(), and its size less one: what every access needs
  std::uint32_t mask_ = 0;
  std::uint32_t head_ = 0;  // free-running; the ring index is the low bits
  std::uint32_t tail_ = 0;
  std::uint32_t live_ = 0;
  std::uint64_t changes_ = 0;
};

}  // namespace gbsim
