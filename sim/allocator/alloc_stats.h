// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/base/histogram.h"
#include "sim/base/types.h"

namespace gbsim {

/** Which way an allocation went. */
enum class AllocPath : std::uint8_t { fast, slow, failed };

inline constexpr std::array<std::string_view, 3> kAllocPathNames{"fast", "slow", "failed"};

/** Calls, failures and simulated latency of alloc_pages() by order. */
class AllocStats {
 public:
  static constexpr std::size_t kOrders = 32;

  void record(Order order, AllocPath path, Ns latency) {
    attempts_[order.value] += 1;
    failures_[order.value] += path == AllocPath::failed ? 1 : 0;
    latency_[order.value][static_cast<std::size_t>(path)].add(static_cast<std::uint64_t>(latency.count()));
  }
  std::uint64_t attempts(Order order) const { return attempts_[order.value]; }
  std::uint64_t failures(Order order) const { return failures_[order.value]; }
  const Histogram& latency(Order order, AllocPath path) const {
    return latency_[order.value][static_cast<std::size_t>(path)];
  }
  /** Forgets latencies, so that they cover measured time only; counts go on. */
  void clear_latency() { latency_ = {}; }

 private:
  std::array<std::uint64_t, kOrders> attempts_{};
  std::array<std::uint64_t, kOrders> failures_{};
  std::array<std::array<Histogram, kAllocPathNames.size()>, kOrders> latency_{};
};

}  // namespace gbsim
