// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/latency.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "sim/base/histogram.h"
#include "sim/metrics/csv.h"

namespace gbsim {

LatencyRow latency_row(Order order, std::string cls, const Histogram& histogram) {
  return {.order = order,
          .cls = std::move(cls),
          .count = histogram.count(),
          .p50 = histogram.percentile(0.5),
          .p90 = histogram.percentile(0.9),
          .p99 = histogram.percentile(0.99),
          .p999 = histogram.percentile(0.999),
          .max = histogram.max()};
}

std::string latency_csv(std::span<const LatencyRow> rows) {
  std::string text = "order,class,count,p50_ns,p90_ns,p99_ns,p99.9_ns,max_ns\n";
  for (const LatencyRow& row : rows) {
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{},{},{}\n", row.order.value, csv_field(row.cls),
                   row.count, row.p50, row.p90, row.p99, row.p999, row.max);
  }
  return text;
}

}  // namespace gbsim
