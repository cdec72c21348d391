// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/list_edit.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "sim/base/random.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

using List = std::vector<Pfn>;

struct Compared {
  Compared() : world(toy_snapshot("MMMM")), comparison(world.zone()) {}

  ListEdit between(const List& ours, const List& wanted) { return comparison.between(ours, wanted); }

  ToyReplayWorld world;
  ListComparison comparison;
};

List pages(std::initializer_list<std::uint64_t> offsets) {
  List list;
  std::ranges::transform(offsets, std::back_inserter(list), toy_page);
  return list;
}

/** What becomes of @list. */
List edited(List list, const ListEdit& edit) {
  for (const List* part : {&edit.leave, &edit.head, &edit.tail}) {
    std::erase_if(list, [&](Pfn pfn) { return std::ranges::find(*part, pfn) != part->end(); });
  }
  list.insert(list.begin(), edit.head.begin(), edit.head.end());
  list.insert(list.end(), edit.tail.begin(), edit.tail.end());
  return list;
}

}  // namespace

TEST_CASE("equal lists need no edit") { CHECK(Compared().between(pages({3, 1, 7}), pages({3, 1, 7})).empty()); }

TEST_CASE("a refill that took other blocks moves those alone") {
  Compared lists;
  const ListEdit edit = lists.between(pages({9, 1, 2, 3, 4, 5}), pages({8, 1, 2, 3, 4, 6}));
  CHECK(edit.leave == pages({9, 5}));
  CHECK(edit.head == pages({8}));
  CHECK(edit.tail == pages({6}));
}

TEST_CASE("a block that left from the middle moves no other") {
  const ListEdit edit = Compared().between(pages({1, 2, 3, 4, 5}), pages({1, 2, 4, 5}));
  CHECK(edit.leave == pages({3}));
  CHECK(edit.head.empty());
  CHECK(edit.tail.empty());
}

TEST_CASE("an edit turns any list into any other, and comparisons do not disturb one another") {
  Compared lists;
  RandomStream random(1, "lists");
  const auto any_list = [&] {
    List list(32);
    std::generate(list.begin(), list.end(), [offset = 0U]() mutable { return toy_page(offset++); });
    random.shuffle(list);
    list.resize(random.below(33));
    return list;
  };
  for (int i = 0; i < 2000; ++i) {
    const List ours = any_list();
    List wanted = random.chance(0.5) ? any_list() : ours;
    std::rotate(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(random.below(wanted.size() + 1)),
                wanted.end());
    REQUIRE(edited(ours, lists.between(ours, wanted)) == wanted);
  }
}
