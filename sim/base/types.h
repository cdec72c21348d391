// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace gbsim {

/** Simulated time and durations: integer nanoseconds, never a double. */
using Ns = std::chrono::nanoseconds;

/** A count of base pages (4 KiB each). */
struct NrPages {
  std::uint64_t value = 0;

  constexpr NrPages() = default;
  constexpr explicit NrPages(std::uint64_t count) : value(count) {}

  constexpr auto operator<=>(const NrPages&) const = default;
  constexpr NrPages& operator+=(NrPages other) { value += other.value; return *this; }
  constexpr NrPages& operator-=(NrPages other) { value -= other.value; return *this; }
  friend constexpr NrPages operator+(NrPages a, NrPages b) { return NrPages{a.value + b.value}; }
  friend constexpr NrPages operator-(NrPages a, NrPages b) { return NrPages{a.value - b.value}; }
  friend constexpr NrPages operator*(NrPages a, std::uint64_t n) { return NrPages{a.value * n}; }
  friend constexpr NrPages operator/(NrPages a, std::uint64_t n) { return NrPages{a.value / n}; }
};

/** Size of a buddy block: order n is 2^n base pages. */
struct Order {
  std::uint8_t value = 0;

  constexpr Order() = default;
  constexpr explicit Order(unsigned order) : value(static_cast<std::uint8_t>(order)) {}

  constexpr auto operator<=>(const Order&) const = default;
  constexpr NrPages pages() const { return NrPages{std::uint64_t{1} << value}; }
  constexpr Order next() const { return Order{value + 1U}; }
  constexpr Order prev() const { return Order{value - 1U}; }
  constexpr Order& operator++() { ++value; return *this; }
  constexpr Order& operator--() { --value; return *this; }
};

/** Larger blocks are a luxury: nobody retries for long or is killed for them. PAGE_ALLOC_COSTLY_ORDER */
inline constexpr Order kCostlyOrder{3};

/** Page frame number: physical address / 4 KiB. */
struct Pfn {
  std::uint64_t value = 0;

  constexpr Pfn() = default;
  constexpr explicit Pfn(std::uint64_t pfn) : value(pfn) {}

  constexpr auto operator<=>(const Pfn&) const = default;
  constexpr Pfn& operator+=(NrPages n) { value += n.value; return *this; }
  friend constexpr Pfn operator+(Pfn pfn, NrPages n) { return Pfn{pfn.value + n.value}; }
  friend constexpr Pfn operator-(Pfn pfn, NrPages n) { return Pfn{pfn.value - n.value}; }
  friend constexpr NrPages operator-(Pfn a, Pfn b) { return NrPages{a.value - b.value}; }

  /** The first pfn of the aligned block of @order that holds this page. */
  constexpr Pfn align_down(Order order) const { return Pfn{value & ~(order.pages().value - 1)}; }
  constexpr Pfn align_up(Order order) const { return (*this + (order.pages() - NrPages{1})).align_down(order); }
  constexpr bool is_aligned(Order order) const { return align_down(order) == *this; }
  /** The block of @order that merges with the one starting here. */
  constexpr Pfn buddy(Order order) const { return Pfn{value ^ order.pages().value}; }
};

/** A dense small identifier, counted from 0; @Tag keeps kinds apart. Whoever counts stays within @Rep. */
template <class Tag, class Rep>
struct Id {
  Rep value = 0;

  constexpr Id() = default;
  constexpr explicit Id(std::integral auto id) : value(static_cast<Rep>(id)) {}
  constexpr auto operator<=>(const Id&) const = default;
};

using CpuId = Id<struct CpuTag, std::uint16_t>;
using NodeId = Id<struct NodeTag, std::uint16_t>;
using GigablockId = Id<struct GigablockTag, std::uint32_t>;
using FolioId = Id<struct FolioTag, std::uint32_t>;
using OwnerId = Id<struct OwnerTag, std::uint16_t>;

inline constexpr std::uint64_t kPageSize = 4096;

/** Whole pages in @bytes, rounded up. */
constexpr NrPages pages_for_bytes(std::uint64_t bytes) {
  return NrPages{(bytes + kPageSize - 1) / kPageSize};
}

}  // namespace gbsim
