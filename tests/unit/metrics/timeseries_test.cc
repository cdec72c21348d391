// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/timeseries.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fake_run.h"

using namespace gbsim;

namespace {

std::ptrdiff_t columns(const std::string& line) {
  return std::ranges::count(line, ',') + 1;
}

}  // namespace

TEST_CASE("every row has the columns of the header, time first") {
  const Sample sample = test::fake_sample({}, 3);
  const std::string header = timeseries_line(sample, CsvLine::Mode::header);
  const std::string row = timeseries_line(sample, CsvLine::Mode::values);
  CHECK(columns(header) == columns(row));
  CHECK(header.starts_with("time_s,managed_pages,free_pages,"));
  CHECK(row.starts_with("30,"));
  CHECK(header.back() == '\n');
  CHECK(row.find("nan") == std::string::npos);
}

TEST_CASE("zones, orders and fallback pairs have columns of their own") {
  const std::string header = timeseries_line(test::fake_sample({}, 0), CsvLine::Mode::header);
  for (const char* column : {",node0_normal_low_pages,", ",free_blocks_o10,", ",free_unmovable_o9,", ",failures_o9,",
                             ",extfrag_pollute_movable_from_unmovable,", ",cpu_kcompactd_s", ",unusable_index_18,"}) {
    CAPTURE(column);
    CHECK(header.find(column) != std::string::npos);
  }
}
