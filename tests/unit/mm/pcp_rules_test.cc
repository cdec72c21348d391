// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp_rules.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

constexpr CpuId kCpu{0};

void free_page(ToyZone& toy, std::uint64_t page) {
  toy.memory().free_pages(toy.at(page), Order{0}, kCpu);
}

}  // namespace

TEST_CASE("high stays within its bounds, and below the upper one where a small zone has them crossed") {
  PcpLists pcp;
  pcp.high_min = 10;
  pcp.high_max = 40;
  CHECK(bounded_high(pcp, 5) == 10);
  CHECK(bounded_high(pcp, 20) == 20);
  CHECK(bounded_high(pcp, 50) == 40);
  pcp.high_max = 4;
  CHECK(bounded_high(pcp, 20) == 4);
}

TEST_CASE("a page freed to a per-CPU list stays there until it overflows or is drained") {
  ToyZone toy;
  toy.paint("MMMMMMMM");
  toy.zone().pcp(kCpu).high = toy.zone().pcp(kCpu).high_min = toy.zone().pcp(kCpu).high_max = 4;
  free_page(toy, 0);
  free_page(toy, 1);
  CHECK(toy.draw().substr(0, 8) == "ppMMMMMM");
  toy.check();
  toy.memory().drain_pcp(kCpu);
  CHECK(toy.draw().substr(0, 8) == "..MMMMMM");
  toy.check();
}

TEST_CASE("an overflowing list drains its oldest pages") {
  ToyZone toy;
  toy.paint("MMMMMMMM");
  PcpLists& pcp = toy.zone().pcp(kCpu);
  pcp.high = pcp.high_min = pcp.high_max = 3;
  free_page(toy, 0);
  free_page(toy, 2);
  free_page(toy, 4);
  CHECK(toy.draw()[0] == '.');
  CHECK(toy.draw()[4] == 'p');
  toy.check();
}

TEST_CASE("6.12 sends a page home by its pageblock's present type, 6.1 by the one it remembers") {
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    ToyZone toy(ToySpec{.kernel = kernel});
    toy.paint("MMMMMMMM");
    PcpLists& pcp = toy.zone().pcp(kCpu);
    pcp.high = pcp.high_min = pcp.high_max = 100;
    free_page(toy, 3);
    toy.zone().set_pageblock_type(toy.at(3), Migratetype::unmovable);
    toy.memory().drain_pcp(kCpu);
    const auto expected = kernel == KernelVersion::v6_12 ? Migratetype::unmovable : Migratetype::movable;
    CHECK(toy.zone().view(toy.at(3)).list == expected);
  }
}

TEST_CASE("refills of order 0 double while nothing is freed") {
  ToyZone toy;
  PcpLists& pcp = toy.zone().pcp(kCpu);
  pcp.batch = 7;
  pcp.high_min = 1000;
  pcp.high_max = 1000;
  CHECK(refill_count(toy.zone(), kCpu, Order{0}) == 7);
  CHECK(refill_count(toy.zone(), kCpu, Order{0}) == 14);
  CHECK(refill_count(toy.zone(), kCpu, Order{0}) == 28);
  CHECK(refill_count(toy.zone(), kCpu, Order{3}) == 2);
}

TEST_CASE("an idle CPU's limit decays and its excess is drained") {
  ToyZone toy;
  toy.paint("MMMMMMMM MMMMMMMM");
  PcpLists& pcp = toy.zone().pcp(kCpu);
  pcp.batch = 2;
  pcp.high = pcp.high_max = 16;
  pcp.high_min = 2;
  for (std::uint64_t page = 0; page < 12; ++page) {
    free_page(toy, page);
  }
  const int before = pcp.count;
  pcp.high = 8;
  decay_high(toy.zone(), kCpu);
  CHECK(pcp.high == 7);
  CHECK(pcp.count <= std::min(before, 7));
  toy.check();
}

TEST_CASE("caches that hold more than three batches are worth a batch that stays") {
  const std::uint64_t three_batches = 3 * 63 * kPageSize;
  CHECK_FALSE(keeps_batch(63, three_batches + kPageSize - 1));
  CHECK(keeps_batch(63, three_batches + kPageSize));
  ToyZone toy;
  toy.paint("MMMMMMMM");
  Tunables tunables;
  tunables.cpu_data_cache = std::uint64_t{2} << 20U;
  size_pcp(toy.zone(), 1, tunables);
  CHECK(toy.zone().pcp(kCpu).free_high_batch);
}
