// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/metrics/csv_tables.h"

#include <doctest/doctest.h>

#include "fake_run.h"
#include "sim/metrics/event.h"

using namespace gbsim;

TEST_CASE("vmstat has the kernel's names in the kernel's order after time_s") {
  const std::string header = vmstat_line(test::fake_sample({}, 0), CsvLine::Mode::header);
  CHECK(header.starts_with("time_s,nr_free_pages,"));
  CHECK(header.find("pgalloc_normal") < header.find("pgfree"));
  CHECK(header.find("pgfree") < header.find("pgsteal_kswapd"));
  CHECK(header.find("compact_stall") < header.find("thp_fault_alloc"));
}

TEST_CASE("a gigablock row has the columns of its header") {
  Sample sample;
  sample.time = Ns{20'000'000'000};
  sample.gigablocks.push_back({.id = GigablockId{7},
                               .state = GigablockState::tainted,
                               .free = 1,
                               .movable = 2,
                               .unmovable = 3,
                               .reclaimable = 4,
                               .pinned = 5,
                               .free_pageblocks = 6});
  CHECK(gigablock_lines(sample) == "20,7,tainted,1,2,3,4,5,6\n");
  sample.gigablocks[0].whole = false;
  CHECK(gigablock_lines(sample) == "20,7,partial,1,2,3,4,5,6\n");
}

TEST_CASE("an event leaves empty what does not apply") {
  CHECK(event_line({.time = Ns{1'500'000'000}, .event = "snapshot"}) == "1.5,snapshot,,,,\n");
  CHECK(event_line({.time = Ns{0},
                    .event = "allocate_1g",
                    .gigablock = GigablockId{3},
                    .pages = 12,
                    .duration = Ns{99},
                    .detail = "got 1, wanted 2"}) == "0,allocate_1g,3,12,99,\"got 1, wanted 2\"\n");
}
