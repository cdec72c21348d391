// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/latency.h"

#include <doctest/doctest.h>

#include <vector>

#include "sim/base/histogram.h"

using namespace gbsim;

TEST_CASE("latency rows carry order, class and percentiles in nanoseconds") {
  const std::vector<LatencyRow> rows{{Order{0}, "all", 10, 100, 200, 300, 400, 500}};
  CHECK(latency_csv(rows) ==
        "order,class,count,p50_ns,p90_ns,p99_ns,p99.9_ns,max_ns\n"
        "0,all,10,100,200,300,400,500\n");
}

TEST_CASE("a histogram's percentiles become a row") {
  Histogram histogram;
  histogram.add(10, 90);
  histogram.add(40, 10);
  const LatencyRow row = latency_row(Order{3}, "KERNEL", histogram);
  CHECK(row.count == 100);
  CHECK(row.p50 == 10);
  CHECK(row.p99 == 40);
  CHECK(row.max == 40);
}
