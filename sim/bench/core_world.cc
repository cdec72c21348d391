// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/core_world.h"

#include <utility>

#include "sim/allocator/rmqueue.h"

namespace gbsim {

ZoneSpec one_zone(std::uint64_t memory_bytes) {
  ZoneSpec zone;
  zone.start = Pfn{std::uint64_t{1} << 20};
  zone.spanned = pages_for_bytes(memory_bytes);
  return zone;
}

CoreWorld::CoreWorld(std::uint64_t memory_bytes, Order order, double full)
    : order_(order),
      memory_({one_zone(memory_bytes)}, 1, tunables_, clock_, costs_),
      allocator_(memory_, relief_),
      random_(1, "bench core"),
      live_(zone().managed().value >> order.value) {
  zone().run_on(CpuId{});
  fill();
  scatter(full);
}

void CoreWorld::fill() {
  while (zone().smallest_free(order_, Migratetype::movable)) {
    live_.push_back(alloc_direct(order_, Migratetype::movable));
  }
}

/** Puts the live blocks in random order and frees them until only @full of memory is in use. */
void CoreWorld::scatter(double full) {
  for (std::size_t i = live_.size(); i > 1; --i) {
    std::swap(live_[random_.below(i)], live_[i - 1]);
  }
  const auto keep = static_cast<std::size_t>(static_cast<double>(live_.size()) * full);
  while (live_.size() > keep) {
    free_direct(live_.back(), order_);
    live_.pop_back();
  }
}

PageIndex CoreWorld::alloc_direct(Order order, Migratetype type) {
  Zone& home = zone();
  home.prefetch_next(order, type);
  const auto found = home.smallest_free(order, type);
  GBSIM_CHECK(found.has_value());
  const Pfn pfn = home.first_free(*found, type);
  home.take_block(pfn, *found, order, type);
  home.set_raw(pfn, order, type, true);
  return home.page(pfn);
}

void CoreWorld::free_direct(PageIndex page, Order order) {
  const Pfn pfn = zone().pfn(page);
  zone().clear_raw(pfn, order);
  zone().free_one(pfn, order);
}

PageIndex CoreWorld::alloc_pcp(Order order, Migratetype type) {
  Rmqueue queue(memory_, allocator_.placement(), zone(), CpuId{});
  const auto pfn = queue.take(PlacementRequest{order, type, AllocFlags{}});
  GBSIM_CHECK(pfn.has_value());
  zone().set_raw(*pfn, order, type, true);
  return zone().page(*pfn);
}

PageIndex CoreWorld::alloc(Order order, Gfp gfp) {
  const auto pfn = allocator_.alloc_pages(PageRequest{order, gfp, CpuId{}, NodeId{}});
  GBSIM_CHECK(pfn.has_value());
  return zone().page(*pfn);
}

double CoreWorld::total_bytes_per_page() const {
  return static_cast<double>(memory_.metadata_bytes()) / static_cast<double>(memory_.managed().value);
}

double CoreWorld::metadata_bytes_per_page() const {
  const double slots = static_cast<double>(live_.size()) * sizeof(std::uint32_t);
  return total_bytes_per_page() - slots / static_cast<double>(memory_.managed().value);
}

}  // namespace gbsim
