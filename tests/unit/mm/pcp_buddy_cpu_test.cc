// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp_buddy_cpu.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

constexpr CpuId kOwner{0};
constexpr CpuId kOther{1};

/** The first pageblock is allocated page by page and the first CPU's. */
struct Owned {
  explicit Owned(int high = 64) {
    toy.paint("MMMMMMMM");
    buddy().own(0, kOwner);
    for (const CpuId cpu : {kOwner, kOther}) {
      PcpLists& pcp = toy.zone().pcp(cpu);
      pcp.high = pcp.high_min = pcp.high_max = high;
      pcp.batch = 1;
    }
  }

  PcpBuddy& buddy() { return *toy.zone().pcp_buddy(); }
  void free_page(std::uint64_t page, CpuId cpu = kOwner) {
    toy.memory().free_pages(toy.at(page), Order{0}, cpu);
    toy.check();
  }
  std::uint32_t listed(unsigned order, CpuId cpu = kOwner) {
    return buddy().list(cpu, Order{order}, Migratetype::movable).blocks.size();
  }
  int count(CpuId cpu = kOwner) { return toy.zone().pcp(cpu).count; }

  ToyZone toy{ToySpec{.cpus = 2, .pcp = PcpKind::pcpbuddy}};
};

}  // namespace

TEST_CASE("a page of an owned pageblock that its owner frees joins the owner's list") {
  Owned zone;
  zone.free_page(2);
  CHECK(zone.listed(0) == 1);
  CHECK(zone.toy.zone().slot(zone.toy.at(2)).is_owned());
  CHECK(zone.buddy().counts().frees_owned == 1);
}

TEST_CASE("another CPU's free takes no lock and waits until the owner looks") {
  Owned zone;
  const std::uint64_t locks = zone.toy.memory().zone_locks();
  zone.free_page(2, kOther);
  CHECK(zone.toy.memory().zone_locks() == locks);
  CHECK(zone.count(kOther) == 0);
  CHECK(zone.count() == 0);
  CHECK(zone.toy.zone().pcp_pages() == NrPages{1});
  PcpBuddyCpu(zone.toy.memory(), zone.toy.zone(), kOwner).absorb_remote();
  zone.toy.check();
  CHECK(zone.count() == 1);
  CHECK(zone.listed(0) == 1);
  CHECK(zone.toy.zone().slot(zone.toy.at(2)).is_owned());
}

TEST_CASE("a remote list that is full sends pages to the buddy") {
  Owned zone;
  zone.toy.tunables().pcpbuddy_remote_batches = 2;
  for (std::uint64_t page = 0; page < 3; ++page) {
    zone.free_page(page, kOther);
  }
  CHECK(zone.buddy().counts().frees_remote == 2);
  CHECK(zone.buddy().counts().frees_refused == 1);
  CHECK(zone.toy.zone().is_free_block(zone.toy.at(2), Order{0}));
}

TEST_CASE("an owner's take sees what others have freed") {
  Owned zone;
  zone.free_page(5, kOther);
  PcpBuddyCpu owner(zone.toy.memory(), zone.toy.zone(), kOwner);
  const auto pfn = owner.take(Order{0}, Migratetype::movable);
  CHECK(pfn == zone.toy.at(5));
  zone.toy.zone().set_raw(*pfn, Order{0}, Migratetype::movable, true);
  zone.toy.check();
}

TEST_CASE("a page of nobody's pageblock stays with the CPU that frees it") {
  Owned zone;
  zone.buddy().release(0);
  zone.free_page(2, kOther);
  CHECK(zone.listed(0, kOther) == 1);
  CHECK_FALSE(zone.toy.zone().slot(zone.toy.at(2)).is_owned());
}

TEST_CASE("buddies merge before the drain, and the largest blocks leave first") {
  Owned zone;
  for (const std::uint64_t page : {0, 1, 2, 3, 6}) {
    zone.free_page(page);
  }
  CHECK(zone.listed(0) == 5);
  PcpBuddyCpu(zone.toy.memory(), zone.toy.zone(), kOwner).drain(1);
  zone.toy.check();
  CHECK(zone.buddy().counts().merges == 3);
  CHECK(zone.buddy().counts().drained_blocks == 1);
  CHECK(zone.toy.zone().is_free_block(zone.toy.at(0), Order{2}));
  CHECK(zone.count() == 1);
  CHECK(zone.buddy().is_recoverable(0));
}

TEST_CASE("pages that are not owned never merge on a CPU's lists") {
  Owned zone;
  zone.buddy().release(0);
  zone.free_page(0);
  zone.free_page(1);
  PcpBuddyCpu(zone.toy.memory(), zone.toy.zone(), kOwner).drain(1);
  CHECK(zone.buddy().counts().merges == 0);
  zone.toy.check();
}

TEST_CASE("a pageblock that is drained whole is nobody's") {
  Owned zone;
  for (std::uint64_t page = 0; page < 8; ++page) {
    zone.free_page(page, page % 2 == 0 ? kOwner : kOther);
  }
  zone.toy.memory().drain_all_pcp();
  zone.toy.check();
  CHECK_FALSE(zone.buddy().owner(0));
  CHECK(zone.buddy().counts().released == 1);
  CHECK(zone.buddy().counts().drained_blocks == 1);
  CHECK(zone.toy.zone().pcp_pages() == NrPages{});
}

TEST_CASE("lists that grow too long drain by themselves, under one acquisition of the lock") {
  Owned zone(4);
  const std::uint64_t locks = zone.toy.memory().zone_locks();
  for (const std::uint64_t page : {0, 1, 2, 3}) {
    zone.free_page(page);
  }
  CHECK(zone.toy.memory().zone_locks() == locks + 1);
  CHECK(zone.toy.zone().is_free_block(zone.toy.at(0), Order{2}));
}

TEST_CASE("the tick takes in what others freed and drains what an idle CPU does not need") {
  Owned zone(2);
  for (std::uint64_t page = 0; page < 6; ++page) {
    zone.free_page(page, kOther);
  }
  zone.toy.memory().tick(kOwner);
  zone.toy.check();
  CHECK(zone.count() == 2);
  CHECK(zone.toy.zone().is_free_block(zone.toy.at(0), Order{2}));
}
