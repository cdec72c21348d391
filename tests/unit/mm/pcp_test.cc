// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp.h"

#include <doctest/doctest.h>

#include <set>
#include <vector>

using namespace gbsim;

TEST_CASE("a per-CPU ring serves both ends in order across growth") {
  PcpRing ring;
  for (PageIndex page = 0; page < 100; ++page) {
    ring.push_tail(page);
  }
  ring.push_head(1000);
  CHECK(ring.size() == 101);
  CHECK(ring.pop_head() == 1000);
  CHECK(ring.pop_tail() == 99);
  CHECK(ring.from_head(3) == 3);
  CHECK(ring.from_tail(0) == 98);
}

TEST_CASE("a page leaves a per-CPU ring from anywhere, and the others keep their order") {
  PcpRing ring;
  for (PageIndex page = 0; page < 20; ++page) {
    ring.push_head(page);  // wraps round where the ring begins
  }
  CHECK(ring.remove(19));
  CHECK(ring.remove(0));
  CHECK(ring.remove(10));
  CHECK_FALSE(ring.remove(10));
  REQUIRE(ring.size() == 17);
  for (std::uint32_t i = 0; i < ring.size(); ++i) {
    CHECK(ring.from_head(i) == (i < 8 ? 18 - i : 17 - i));
  }
}

TEST_CASE("a page that leaves a wrapped ring anywhere leaves the others as they were") {
  constexpr std::uint32_t kPages = 11;
  for (std::uint32_t gone = 0; gone < kPages; ++gone) {
    PcpRing ring;
    for (PageIndex page = 0; page < kPages; ++page) {
      page % 2 == 0 ? ring.push_head(page) : ring.push_tail(page);
    }
    std::vector<PageIndex> expected;
    for (std::uint32_t i = 0; i < kPages; ++i) {
      expected.push_back(ring.from_head(i));
    }
    CHECK(ring.remove(expected[gone]));
    expected.erase(expected.begin() + gone);
    REQUIRE(ring.size() == expected.size());
    for (std::uint32_t i = 0; i < expected.size(); ++i) {
      CHECK(ring.from_head(i) == expected[i]);
    }
  }
}

TEST_CASE("orders 0 to 3 have a list for each type, huge pages two") {
  const Order pageblock{9};
  std::set<std::size_t> lists;
  for (const unsigned order : {0U, 1U, 2U, 3U, 9U}) {
    REQUIRE(pcp_allowed(Order{order}, pageblock));
    for (std::size_t type = 0; type < kNrPcpTypes; ++type) {
      const std::size_t list = pcp_list(Order{order}, static_cast<Migratetype>(type));
      CHECK(pcp_order(list, pageblock) == Order{order});
      lists.insert(list);
    }
  }
  CHECK(lists.size() == kNrPcpLists);
  CHECK_FALSE(pcp_allowed(Order{4}, pageblock));
  CHECK_FALSE(pcp_allowed(Order{10}, pageblock));
}
