// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/fast_search.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kM = Migratetype::movable;

/** 64 pages, allocated but for given blocks, which stand on their lists as named. */
struct Lists {
  explicit Lists(const std::vector<std::uint64_t>& singles, const std::vector<std::uint64_t>& pairs = {},
                 const std::vector<std::uint64_t>& eights = {}) {
    while (const auto order = zone().smallest_free(Order{0}, kM)) {
      const Pfn pfn = zone().first_free(*order, kM);
      zone().take_block(pfn, *order, Order{0}, kM);
      zone().settle_taken(Order{0}, kM);
      zone().set_raw(pfn, Order{0}, kM, false);
    }
    free(Order{0}, singles);
    free(Order{1}, pairs);
    free(Order{3}, eights);
  }
  void free(Order order, const std::vector<std::uint64_t>& offsets) {
    for (const std::uint64_t offset : offsets) {
      for (std::uint64_t i = 0; i < order.pages().value; ++i) {
        zone().clear_raw(toy.at(offset + i), Order{0});
      }
      zone().free_block(toy.at(offset), order, kM, FreeFlags::to_tail);
    }
  }
  FoundTarget find(unsigned preferred, unsigned acceptable, unsigned limit, unsigned first = 0) {
    const FoundTarget found = find_target(zone(),
                                          {.preferred = toy.at(preferred),
                                           .acceptable = toy.at(acceptable),
                                           .wish = Order{2},
                                           .first = Order{first},
                                           .limit = limit});
    for (const ListTurn& turned : found.turns) {
      turn(zone(), turned);
    }
    return found;
  }
  std::string listed(unsigned order) {
    std::string text;
    zone().for_each_free(Order{order}, kM, [&](Pfn pfn) {
      text += (text.empty() ? "" : " ") + std::to_string((pfn - toy.first()).value);
      return true;
    });
    return text;
  }
  Zone& zone() { return toy.zone(); }

  ToyZone toy{ToySpec{.gigablocks = 1}};
};

}  // namespace

TEST_CASE("searches look at less the more often they failed, those for targets at half as much") {
  CHECK(fast_search_limit(0) == 33);
  CHECK(fast_search_limit(2) == 9);
  CHECK(fast_search_limit(100) == 1);
  CHECK(target_search_limit(0) == 16);
  CHECK(target_search_limit(100) == 1);
}

TEST_CASE("orders are searched downwards and around") {
  CHECK(next_search_order(Order{3}, Order{9}) == Order{2});
  CHECK(next_search_order(Order{0}, Order{9}) == Order{8});
}

TEST_CASE("a target is sought from the tail, and the list turned to where it was") {
  Lists lists({2, 40, 6, 10, 12});
  const FoundTarget found = lists.find(32, 16, 8);
  CHECK(found.block == lists.toy.at(40));
  CHECK(found.scanned == 4);
  CHECK(found.highest == lists.toy.at(40));
  CHECK(lists.listed(0) == "40 6 10 12 2");
}

TEST_CASE("where none is high enough, the highest that will do is taken, after half as many") {
  Lists lists({30, 4, 20, 18, 6});
  const FoundTarget found = lists.find(60, 16, 8);
  CHECK(found.block == lists.toy.at(20));
  CHECK(found.scanned == 3);  // 6, then 18: 4 left of 8, then 20: 2 left
}

TEST_CASE("a list without a target is turned only if it was not looked through to its end") {
  Lists lists({2, 4, 6, 8}, {40, 12});
  const FoundTarget found = lists.find(32, 32, 2);
  CHECK(found.order == Order{1});
  CHECK(lists.listed(0) == "6 8 2 4");
  Lists whole({2, 4}, {10, 40});
  CHECK(whole.find(32, 32, 8).block == whole.toy.at(40));
  CHECK(whole.listed(0) == "2 4");
}

TEST_CASE("each list that was looked at up to the limit halves it for the next") {
  Lists lists({2, 4, 6, 8}, {40, 12, 20, 28});
  CHECK_FALSE(lists.find(32, 32, 4).block);  // two of four pairs
  Lists pairs_first({2, 4, 6, 8}, {40, 12, 20, 28});
  CHECK(pairs_first.find(32, 32, 4, 1).block == pairs_first.toy.at(40));
}

TEST_CASE("a source is sought from the head, from the largest order down, and goes to the tail") {
  Lists lists({}, {}, {40, 16, 8, 56});
  const Pfn below = lists.toy.at(20);
  const FoundSource found = find_source(lists.zone(), Order{4}, 8, [below](Pfn pfn) { return pfn < below; });
  CHECK(found.block == lists.toy.at(16));
  CHECK(found.scanned == 2);
  REQUIRE(found.turn);
  turn(lists.zone(), *found.turn);
  CHECK(lists.listed(3) == "8 56 40 16");
  const FoundSource missed = find_source(lists.zone(), Order{4}, 1, [](Pfn) { return false; });
  CHECK_FALSE(missed.block);
  REQUIRE(missed.turn);  // the one after the last it may look at
  CHECK(missed.turn->head == lists.toy.at(56));
  CHECK_FALSE(find_source(lists.zone(), Order{4}, 8, [](Pfn) { return false; }).turn);
}

TEST_CASE("gigablocks without what is sought cost no look, and the list of the one that has it turns") {
  ToyZone toy{ToySpec{.gigablocks = 2, .gigablock_order = 4, .placement = PlacementKind::gigablock_bitmap}};
  toy.paint("M.M.M.M. MMMMMMMM  M.M.M.M. UUUUUUUU", "MMMU");
  const auto all_of = [&](GigablockId id) {
    std::vector<Pfn> free;
    toy.zone().for_each_free_from(ListEnd::head, Order{0}, kM, [id](GigablockId one) { return one == id; },
                                  [&](Pfn pfn) { return free.push_back(pfn), true; });
    return free;
  };
  const auto in_first = [](GigablockId id) { return id == GigablockId{}; };
  const std::vector<Pfn> before = all_of(GigablockId{});
  REQUIRE(before.size() == 4);
  const TargetSearch search{.preferred = toy.at(16), .acceptable = toy.at(16), .wish = Order{1}, .limit = 2};
  const FoundTarget found = find_target(toy.zone(), search, in_first);
  CHECK(found.scanned == 2);
  REQUIRE(found.turns.size() == 1);
  CHECK(found.turns[0].head == before[2]);
  turn(toy.zone(), found.turns[0]);
  CHECK(all_of(GigablockId{}) == std::vector<Pfn>{before[2], before[3], before[0], before[1]});
  CHECK(find_target(toy.zone(), search).block == all_of(GigablockId{1}).back());
  toy.check();
}
