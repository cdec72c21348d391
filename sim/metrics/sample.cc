// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/sample.h"

#include <numeric>

namespace gbsim {

std::string_view name(GigablockState state) {
  constexpr std::array<std::string_view, kNrGigablockStates> names{"empty", "clean", "tainted"};
  return names[static_cast<std::size_t>(state)];
}

NrPages Sample::free_pages() const {
  NrPages sum;
  for (const ZoneSample& zone : zones) {
    sum += zone.free;
  }
  return sum;
}

std::uint64_t Sample::free_blocks(Order order, Migratetype type) const {
  std::uint64_t sum = 0;
  for (const ZoneSample& zone : zones) {
    sum += zone.free_blocks[order.value][index(type)];
  }
  return sum;
}

std::uint64_t Sample::free_blocks(Order order) const {
  std::uint64_t sum = 0;
  for (const ZoneSample& zone : zones) {
    const auto& by_type = zone.free_blocks[order.value];
    sum = std::accumulate(by_type.begin(), by_type.end(), sum);
  }
  return sum;
}

std::size_t Sample::nr_orders() const {
  return zones.empty() ? 0 : zones.front().free_blocks.size();
}

std::uint64_t Sample::gigablocks_in(GigablockState state) const {
  return gigablock_states[static_cast<std::size_t>(state)];
}

std::uint64_t Sample::whole_gigablocks() const {
  return std::accumulate(gigablock_states.begin(), gigablock_states.end(), std::uint64_t{0});
}

}  // namespace gbsim
