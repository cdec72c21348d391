// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "sim/base/check.h"
#include "sim/base/tunables.h"
#include "sim/base/types.h"
#include "sim/mm/free_list.h"
#include "sim/mm/migratetype.h"

namespace gbsim {

/** Orders up to the costly one have a list for each of three types; huge pages one for non-movable, one for movable. */
inline constexpr std::size_t kNrPcpLists = (kCostlyOrder.value + 1) * kNrPcpTypes + 2;

/** One per-CPU list: a ring, pushed and taken at the head, refilled and drained at the tail. */
class PcpRing {
 public:
  bool empty() const { return head_ == tail_; }
  std::uint32_t size() const { return tail_ - head_; }
  PageIndex head() const { return at(head_); }
  PageIndex tail() const { return at(tail_ - 1); }
  /** The entry @i places after the head, or before the tail; for prefetching and recounts. Requires: i < size(). */
  PageIndex from_head(std::uint32_t i) const { return at(head_ + i); }
  PageIndex from_tail(std::uint32_t i) const { return at(tail_ - 1 - i); }

  void push_head(PageIndex page) {
    make_room();
    ring_[--head_ & mask_] = page;
  }
  void push_tail(PageIndex page) {
    make_room();
    ring_[tail_++ & mask_] = page;
  }
  PageIndex pop_head() { return at(head_++); }
  PageIndex pop_tail() { return at(--tail_); }
  bool contains(PageIndex page) const { return find(page) != tail_; }
  /** Takes @page out, wherever it is; the others keep their order. False: it is not there. */
  bool remove(PageIndex page);
  std::uint64_t metadata_bytes() const { return capacity_ * sizeof(PageIndex); }

 private:
  PageIndex at(std::uint32_t position) const { return ring_[position & mask_]; }
  /** Its position; tail_ if it is not there. */
  std::uint32_t find(PageIndex page) const;
  void make_room() {
    if (size() == capacity_) {
      grow();
    }
  }
  void grow();

  std::unique_ptr<PageIndex[]> ring_;
  std::uint32_t capacity_ = 0;
  std::uint32_t mask_ = 0;
  std::uint32_t head_ = 0;
  std::uint32_t tail_ = 0;
};

/** One CPU's lists of one zone, with the numbers that size them (struct per_cpu_pages). Counts are base pages. */
struct PcpLists {
  int count = 0;
  int high = 0;
  int high_min = 0;
  int high_max = 0;
  int batch = 1;
  int alloc_factor = 0;           // 6.12: refills in a row
  int free_count = 0;             // 6.12: pages freed in a row
  int free_factor = 0;            // 6.1
  bool prev_free_high_order = false;
  bool free_high_batch = false;   // 6.12: large caches per CPU let a whole batch stay
  std::array<PcpRing, kNrPcpLists> lists{};

  std::uint64_t metadata_bytes() const;
};

/** Whether blocks of @order are cached per CPU; @pageblock is the zone's pageblock order. */
constexpr bool pcp_allowed(Order order, Order pageblock) {
  return order <= kCostlyOrder || (order == pageblock && pageblock > kCostlyOrder);
}

/** The list that blocks of @order and @type go to. Requires: pcp_allowed and a type below highatomic. */
constexpr std::size_t pcp_list(Order order, Migratetype type) {
  if (order > kCostlyOrder) {
    return (kCostlyOrder.value + 1) * kNrPcpTypes + (type == Migratetype::movable ? 1 : 0);
  }
  return order.value * kNrPcpTypes + index(type);
}

/** Order of the blocks on list @list. */
constexpr Order pcp_order(std::size_t list, Order pageblock) {
  return list < (kCostlyOrder.value + 1) * kNrPcpTypes ? Order{static_cast<unsigned>(list / kNrPcpTypes)} : pageblock;
}

}  // namespace gbsim
