// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/big_vector.h"
#include "sim/base/prefetch.h"
#include "sim/base/types.h"
#include "sim/reclaim/workingset.h"

namespace gbsim {

/** What an owner knows of one base page: absent, part of a folio, or evicted with its shadow. */
class PageSlot {
 public:
  constexpr PageSlot() = default;
  static constexpr PageSlot of(FolioId folio) { return PageSlot{(folio.value + 1) << 1}; }
  /** Not absent even without a memory of it; a shadow always has its lowest bit set (sim/reclaim/workingset.h). */
  static constexpr PageSlot evicted(Shadow shadow) { return PageSlot{shadow | 1U}; }

  constexpr bool absent() const { return bits_ == 0; }
  constexpr bool is_folio() const { return bits_ != 0 && (bits_ & 1U) == 0; }
  constexpr bool is_shadow() const { return (bits_ & 1U) != 0; }
  constexpr FolioId folio() const { return FolioId{(bits_ >> 1) - 1}; }
  /** Zero, which means nothing remembered, unless the page was evicted. */
  constexpr Shadow shadow() const { return is_shadow() ? bits_ : 0; }
  constexpr bool operator==(const PageSlot&) const = default;

 private:
  constexpr explicit PageSlot(std::uint32_t bits) : bits_(bits) {}

  std::uint32_t bits_ = 0;
};

/** Slots in runs of 2^@order that are handed out and taken back; 4 bytes a base page. Positions stay valid. */
class SlotPool {
 public:
  explicit SlotPool(Order order) : order_(order) { slots_.reserve(kRoom); }

  /** A run of absent slots; its number. */
  std::uint32_t acquire() {
    if (!free_.empty()) {
      const std::uint32_t run = free_.back();
      free_.pop_back();
      return run;
    }
    const auto run = static_cast<std::uint32_t>(slots_.size() >> order_.value);
    slots_.resize(slots_.size() + order_.pages().value);
    return run;
  }
  /** Takes back @run, whatever its slots hold. */
  void release(std::uint32_t run) {
    const std::uint32_t first = position(run, 0);
    for (std::uint32_t i = 0; i < order_.pages().value; ++i) {
      slots_[first + i] = PageSlot{};
    }
    free_.push_back(run);
  }

  std::uint32_t position(std::uint32_t run, std::uint32_t offset) const { return (run << order_.value) + offset; }
  std::uint32_t run_of(std::uint32_t position) const { return position >> order_.value; }
  std::uint32_t offset_of(std::uint32_t position) const { return position & (run_length() - 1); }
  std::uint32_t run_length() const { return 1U << order_.value; }
  std::size_t runs_in_use() const { return (slots_.size() >> order_.value) - free_.size(); }
  void prefetch(std::uint32_t position) const { prefetch_line(&slots_[position]); }
  PageSlot& operator[](std::uint32_t position) { return slots_[position]; }
  PageSlot operator[](std::uint32_t position) const { return slots_[position]; }

 private:
  static constexpr std::size_t kRoom = std::size_t{1} << 30;  // for 4 TiB; addresses only, until it is used

  Order order_;
  BigVector<PageSlot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace gbsim
