// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/recorded_pcps.h"

#include <doctest/doctest.h>

#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;

/** Nothing is free; CPU 0 has pages 0 and 1 on its unmovable list. */
struct Followed {
  Followed() : snapshot(with_pcp()), model(snapshot, KernelVersion::v6_12, PcpLoad::lists), world(snapshot),
               pcps(*world.memory, *model.memory) {}

  static KernelSnapshot with_pcp() {
    KernelSnapshot snapshot = toy_snapshot("UU");
    snapshot.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(0), toy_page(1)};
    return snapshot;
  }
  void feed(EventKind kind, std::uint64_t offset, unsigned cpu = 0, const TraceEvent* next = nullptr) {
    pcps.feed(toy_event(kind, offset, 0, kU, cpu), next);
  }
  std::string listed(unsigned cpu = 0) {
    std::string text;
    const CpuId id{cpu};
    std::vector<Pfn> blocks;
    pcps.read_list(world.zone(), id, pcp_list(Order{0}, kU), blocks);
    for (const Pfn pfn : blocks) {
      text += (text.empty() ? "" : " ") + std::to_string(pfn.value - 1024);
    }
    return text;
  }

  KernelSnapshot snapshot;
  ToyReplayWorld model;
  ToyReplayWorld world;
  RecordedPcps pcps;
};

}  // namespace

TEST_CASE("per-CPU lists begin as the snapshot has them") { CHECK(Followed().listed() == "0 1"); }

TEST_CASE("refills join at the tail, frees at the head, and a drain takes from anywhere") {
  Followed followed;
  followed.feed(EventKind::zone_locked, 4);
  followed.feed(EventKind::free, 6);
  CHECK(followed.listed() == "6 0 1 4");
  followed.feed(EventKind::pcpu_drain, 1);
  CHECK(followed.listed() == "6 0 4");
  followed.feed(EventKind::alloc, 6);
  CHECK(followed.listed() == "0 4");
}

TEST_CASE("lists of CPUs are apart") {
  Followed followed;
  followed.feed(EventKind::free, 6, 1);
  CHECK(followed.listed(0) == "0 1");
  CHECK(followed.listed(1) == "6");
}

TEST_CASE("as many CPUs as a kernel may have are told apart") {
  const unsigned last = kMostCpus - 1;
  const KernelSnapshot snapshot = toy_snapshot("UU", kMostCpus);
  ToyReplayWorld model(snapshot, KernelVersion::v6_12, PcpLoad::lists);
  ToyReplayWorld world(snapshot);
  RecordedPcps pcps(*world.memory, *model.memory);
  pcps.feed(toy_event(EventKind::free, 6, 0, kU, last), nullptr);
  pcps.feed(toy_event(EventKind::free, 7, 0, kU, last), nullptr);
  pcps.feed(toy_event(EventKind::alloc, 7, 0, kU, last), nullptr);
  std::vector<Pfn> blocks;
  pcps.read_list(world.zone(), CpuId{last}, pcp_list(Order{0}, kU), blocks);
  CHECK(blocks == std::vector{toy_page(6)});
}

TEST_CASE("blocks above the one that a call took went to calls that no event shows") {
  Followed followed;
  followed.feed(EventKind::alloc, 1);
  CHECK(followed.listed().empty());
}

TEST_CASE("a page that a call will take unannounced stays where it is until a later call shows that it went") {
  Followed followed;
  followed.feed(EventKind::zone_locked, 4);
  TraceEvent untraced = toy_event(EventKind::alloc, 1, 0, kU);
  untraced.announced = false;
  followed.pcps.feed(untraced, nullptr);
  CHECK(followed.listed() == "0 1 4");
  followed.feed(EventKind::alloc, 4);
  CHECK(followed.listed().empty());
}

TEST_CASE("a call that an interrupt overtook still has its block to come") {
  Followed followed;
  const TraceEvent next = toy_event(EventKind::alloc, 0, 0, kU);
  followed.feed(EventKind::alloc, 1, 0, &next);
  CHECK(followed.listed() == "0");
}

TEST_CASE("a block that reached the free lists unseen is on no per-CPU list") {
  Followed followed;
  RecordedPages::unlabel(followed.world.zone(), toy_page(0), Order{0});
  followed.world.zone().free_block(toy_page(0), Order{0}, kU);
  CHECK(followed.listed() == "1");
}
