// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/gigantic_requests.h"

#include <doctest/doctest.h>

#include <utility>

#include "../workload/workload_rig.h"
#include "demand_rig.h"

using namespace gbsim;
using test::ms;

namespace {

constexpr std::uint64_t kMibPerGib = 1024;

RecordedDemand demand_with(std::vector<GiganticLife> pages) {
  RecordedDemand demand;
  demand.begin = ms(10);
  demand.gigantic = std::move(pages);
  return demand;
}

}  // namespace

TEST_CASE("1 GiB pages come and go when they did") {
  test::Rig rig(3 * kMibPerGib);
  const auto demand = demand_with({{Pfn{1 << 18}, ms(12), ms(15), 0}, {Pfn{2 << 18}, ms(13), Ns::max(), 1}});
  DemandOutcome outcome;
  GiganticRequests requests(demand, rig.host, outcome);
  const std::uint64_t before = rig.allocated();
  CHECK(requests.next() == ms(2));
  requests.act();
  requests.act();
  CHECK(rig.allocated() == before + (2 << 18));
  CHECK(requests.next() == ms(5));
  requests.act();
  CHECK(rig.allocated() == before + (1 << 18));
  CHECK(requests.next() == Ns::max());
  CHECK(outcome.allocations == 2);
  CHECK(outcome.frees == 1);
  requests.stop();
  CHECK(rig.allocated() == before);
  check_memory(rig.memory);
}

TEST_CASE("a page that cannot be had is refused, and its end does nothing") {
  test::Rig rig(kMibPerGib);
  const auto demand = demand_with({{Pfn{0}, ms(12), ms(15), 0}, {Pfn{0}, ms(12), ms(15), 0}});
  DemandOutcome outcome;
  GiganticRequests requests(demand, rig.host, outcome);
  const std::uint64_t before = rig.allocated();
  while (requests.next() != Ns::max()) {
    requests.act();
  }
  CHECK(outcome.allocations == 2);
  CHECK(outcome.refused.at(18) + outcome.frees == 2);
  CHECK(outcome.refused.at(18) >= 1);
  CHECK(outcome.refused_pages == NrPages{outcome.refused.at(18) << 18});
  CHECK(rig.allocated() == before);
}

TEST_CASE("where gigablocks are smaller a page is as many of them as make a GiB, or none") {
  ZoneOrders orders;
  orders.gigablock = Order{14};
  test::Rig rig(kMibPerGib + 512, {}, 1, orders);
  const auto demand = demand_with({{Pfn{0}, ms(12), Ns::max(), 0}, {Pfn{0}, ms(13), Ns::max(), 0}});
  DemandOutcome outcome;
  GiganticRequests requests(demand, rig.host, outcome);
  const std::uint64_t before = rig.allocated();
  requests.act();
  CHECK(rig.allocated() == before + (1 << 18));
  CHECK(rig.contig.stats().allocated == 16);
  requests.act();
  CHECK(rig.allocated() == before + (1 << 18));
  CHECK(outcome.refused.at(18) == 1);
  requests.stop();
  CHECK(rig.allocated() == before);
}
