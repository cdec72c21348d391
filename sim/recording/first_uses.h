// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>

#include "sim/recording/page_bytes.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/**
 * How pages were when a recording began, as far as the first event of each tells: what leaves a free list was on it,
 * what is freed or drained was not. What is allocated was on a per-CPU list, or, in recordings that do not show what
 * leaves free lists, most probably on one of these.
 */
class FirstUses {
 public:
  /** Events in order, from the beginning on. */
  void note(const TraceEvent& event);

  /** Something is known of some page. */
  bool any() const { return any_; }
  bool was_free(Pfn pfn) const { return (pages_[pfn] & (shows_lists_ ? kFree : kFree | kHandedOut)) != 0; }
  /** Allocated, or on a per-CPU list. */
  bool was_in_use(Pfn pfn) const { return (pages_[pfn] & (shows_lists_ ? kInUse | kHandedOut : kInUse)) != 0; }
  /** The list that it lay on, or returned to; nothing if no event tells. */
  std::optional<Migratetype> type(Pfn pfn) const;

 private:
  static constexpr std::uint8_t kFree = 0x10;
  static constexpr std::uint8_t kInUse = 0x20;
  static constexpr std::uint8_t kTyped = 0x40;
  static constexpr std::uint8_t kHandedOut = 0x80;
  static constexpr std::uint8_t kTypeMask = 0x0f;

  static std::uint8_t typed(std::uint8_t use, Migratetype type) {
    return static_cast<std::uint8_t>(use | kTyped | index(type));
  }
  void set(Pfn head, Order order, std::uint8_t use);

  PageBytes pages_;
  bool any_ = false;
  bool shows_lists_ = false;
};

}  // namespace gbsim
