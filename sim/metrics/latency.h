// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/types.h"

namespace gbsim {

class Histogram;

/** The class that sums up an order, whatever the GFP shape. */
inline constexpr std::string_view kAllClasses = "all";

/** Allocation latency of one order and class (a class is a GFP shape or a path: "pcp", "slow"), in simulated ns. */
struct LatencyRow {
  Order order{};
  std::string cls{};
  std::uint64_t count = 0;
  std::uint64_t p50 = 0;
  std::uint64_t p90 = 0;
  std::uint64_t p99 = 0;
  std::uint64_t p999 = 0;
  std::uint64_t max = 0;
};

/** The percentiles of @histogram. */
LatencyRow latency_row(Order order, std::string cls, const Histogram& histogram);

/** latency.csv: a header and one line a row. */
std::string latency_csv(std::span<const LatencyRow> rows);

}  // namespace gbsim
