// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/latency.h"

#include <fmt/format.h>

#include <iterator>

#include "sim/metrics/csv.h"

namespace gbsim {

std::string latency_csv(std::span<const LatencyRow> rows) {
  std::string text = "order,class,count,p50_ns,p90_ns,p99_ns,p99.9_ns,max_ns\n";
  for (const LatencyRow& row : rows) {
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{},{},{}\n", row.order.value, csv_field(row.cls),
                   row.count, row.p50, row.p90, row.p99, row.p999, row.max);
  }
  return text;
}

}  // namespace gbsim
