// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/zone_alignment.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;

/** Ours as one snapshot has it, aligned with another. */
struct Aligned {
  Aligned(const KernelSnapshot& ours_at, const KernelSnapshot& theirs_at, KernelVersion kernel = KernelVersion::v6_12)
      : ours(ours_at, kernel, PcpLoad::lists),
        lists(theirs_at, kernel, PcpLoad::lists),
        theirs(theirs_at, kernel),
        pcps(*theirs.memory, *lists.memory) {
    ZoneAlignment(ours.zone(), theirs.zone(), pcps).run();
    check_memory(*ours.memory);
  }

  ToyReplayWorld ours;
  ToyReplayWorld lists;
  ToyReplayWorld theirs;
  RecordedPcps pcps;
};

}  // namespace

TEST_CASE("free lists become the recording's in their order, whatever stood on them") {
  KernelSnapshot ours = toy_snapshot("MM");
  add_free(ours, 3, kM, {0});
  add_free(ours, 0, kM, {9, 11});
  KernelSnapshot theirs = toy_snapshot("MM");
  add_free(theirs, 1, kM, {4, 0});
  add_free(theirs, 0, kM, {11, 9, 13});
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    Aligned aligned(ours, theirs, kernel);
    CHECK(listed(aligned.ours.zone(), 1, kM) == "4 0");
    CHECK(listed(aligned.ours.zone(), 0, kM) == "11 9 13");
    CHECK(aligned.ours.zone().nr_free_blocks(Order{3}) == 0);
    CHECK(aligned.ours.zone().free_pages_exact() == NrPages{7});
  }
}

TEST_CASE("a pageblock that is reserved for atomic requests, or is no more, counts as the reserve's from then on") {
  KernelSnapshot ordinary = toy_snapshot("MM");
  KernelSnapshot reserving = toy_snapshot("MM");
  reserving.zones[0].pageblocks[1] = Migratetype::highatomic;
  reserving.zones[0].reserved_highatomic = NrPages{8};
  CHECK(Aligned(reserving, ordinary).ours.zone().reserved_highatomic() == NrPages{0});
  CHECK(Aligned(ordinary, reserving).ours.zone().reserved_highatomic() == NrPages{8});
}

TEST_CASE("a pageblock that was claimed wrongly has the recording's type again") {
  KernelSnapshot ours = toy_snapshot("UM");
  add_free(ours, 0, kU, {1});
  KernelSnapshot theirs = toy_snapshot("MM");
  add_free(theirs, 0, kM, {1});
  Aligned aligned(ours, theirs);
  CHECK(aligned.ours.zone().pageblock(toy_page(0)).type == kM);
  CHECK(listed(aligned.ours.zone(), 0, kM) == "1");
  CHECK(listed(aligned.ours.zone(), 0, kU).empty());
}

TEST_CASE("per-CPU lists become the recording's, and their pages may come from our free lists") {
  KernelSnapshot ours = toy_snapshot("UU");
  add_free(ours, 1, kU, {2});
  ours.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(6), toy_page(7)};
  KernelSnapshot theirs = toy_snapshot("UU");
  theirs.zones[0].pcps[0].lists[pcp_list(Order{0}, kU)] = {toy_page(3), toy_page(7)};
  Aligned aligned(ours, theirs);
  const PcpLists& pcp = aligned.ours.zone().pcp(CpuId{0});
  const PcpRing& ring = pcp.lists[pcp_list(Order{0}, kU)];
  REQUIRE(ring.size() == 2);
  CHECK(aligned.ours.zone().pfn(ring.from_head(0)) == toy_page(3));
  CHECK(aligned.ours.zone().pfn(ring.from_head(1)) == toy_page(7));
  CHECK(pcp.count == 2);
  CHECK(aligned.ours.zone().slot(toy_page(6)).kind() == Slot::Kind::raw);
}

TEST_CASE("pages that are on a list no more have the labels of the recording") {
  KernelSnapshot ours = toy_snapshot("MM");
  add_free(ours, 2, kM, {4});
  const KernelSnapshot theirs = toy_snapshot("MM");
  Aligned aligned(ours, theirs);
  RecordedPages::label(aligned.theirs.zone(), toy_page(4), Order{2}, kU, false);
  RecordedPages::unlabel(aligned.ours.zone(), toy_page(4), Order{2});
  aligned.ours.zone().free_block(toy_page(4), Order{2}, kM);
  ZoneAlignment(aligned.ours.zone(), aligned.theirs.zone(), aligned.pcps).run();
  CHECK(aligned.ours.zone().slot(toy_page(4)).order() == Order{2});
  CHECK(aligned.ours.zone().slot(toy_page(4)).type() == kU);
}

TEST_CASE("long lists that differ at one end, at both or in the middle get the recording's order") {
  const std::vector<std::vector<std::uint64_t>> lists{{1, 3, 5, 7, 9, 11},    {13, 3, 5, 7, 9, 11}, {1, 3, 5, 7, 9, 13},
                                                      {13, 3, 5, 7, 9, 15},   {1, 3, 13, 7, 9, 11}, {3, 5, 7, 9, 11},
                                                      {1, 3, 5, 7},           {},                   {7, 9, 11, 1, 3, 5},
                                                      {13, 15, 1, 3, 5, 7, 9}};
  const std::size_t cached = pcp_list(Order{0}, kU);
  for (const auto& from : lists) {
    for (const auto& to : lists) {
      KernelSnapshot ours = toy_snapshot("MMUU");
      KernelSnapshot theirs = toy_snapshot("MMUU");
      add_free(ours, 0, kM, from);
      add_free(theirs, 0, kM, to);
      for (const std::uint64_t page : from) {
        ours.zones[0].pcps[0].lists[cached].push_back(toy_page(16 + page - 1));
      }
      for (const std::uint64_t page : to) {
        theirs.zones[0].pcps[0].lists[cached].push_back(toy_page(16 + page - 1));
      }
      Aligned aligned(ours, theirs);
      CHECK(listed(aligned.ours.zone(), 0, kM) == listed(aligned.theirs.zone(), 0, kM));
      std::vector<Pfn> pages;
      const PcpRing& ring = aligned.ours.zone().pcp(CpuId{0}).lists[cached];
      for (std::uint32_t i = 0; i < ring.size(); ++i) {
        pages.push_back(aligned.ours.zone().pfn(ring.from_head(i)));
      }
      CHECK(pages == theirs.zones[0].pcps[0].lists[cached]);
    }
  }
}
