// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/free_list.h"

#include <doctest/doctest.h>

#include <functional>
#include <list>
#include <map>
#include <vector>

#include "sim/base/random.h"

using namespace gbsim;

namespace {

/** A FreeList beside a plain linked list that does the same. */
class Differential {
 public:
  explicit Differential(std::uint64_t seed) : random_(seed, "free_list") {}

  /** One random operation on both. */
  void step() {
    const std::uint64_t dice = random_.below(10);
    if (dice < 3) {
      const PageIndex block = next_++;
      positions_[block] = fast_.add_head(block, moved());
      naive_.push_front(block);
    } else if (dice < 6) {
      const PageIndex block = next_++;
      positions_[block] = fast_.add_tail(block, moved());
      naive_.push_back(block);
    } else if (!naive_.empty()) {
      remove(dice < 8 ? naive_.begin() : std::next(naive_.begin(), static_cast<long>(random_.below(naive_.size()))));
    }
  }

  std::vector<PageIndex> forwards() const {
    std::vector<PageIndex> blocks;
    fast_.for_each([&](PageIndex block) { return blocks.push_back(block), true; });
    return blocks;
  }
  std::vector<PageIndex> backwards() const {
    std::vector<PageIndex> blocks;
    fast_.for_each_reverse([&](PageIndex block) { return blocks.push_back(block), true; });
    return blocks;
  }
  const FreeList& fast() const { return fast_; }
  const std::list<PageIndex>& naive() const { return naive_; }

 private:
  struct Moved {
    std::map<PageIndex, std::uint32_t>* positions;
    void operator()(PageIndex block, std::uint32_t position) const { (*positions)[block] = position; }
  };
  Moved moved() { return Moved{&positions_}; }
  void remove(std::list<PageIndex>::iterator at) {
    fast_.remove(positions_.at(*at), *at);
    positions_.erase(*at);
    naive_.erase(at);
  }

  RandomStream random_;
  FreeList fast_;
  std::list<PageIndex> naive_;
  std::map<PageIndex, std::uint32_t> positions_;
  PageIndex next_ = 0;
};

}  // namespace

TEST_CASE("a free list keeps the order of a linked list through any adds and removals") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Differential both(seed);
    for (int i = 0; i < 2000; ++i) {
      both.step();
      REQUIRE(both.fast().size() == both.naive().size());
      if (!both.naive().empty()) {
        REQUIRE(both.fast().head() == both.naive().front());
        REQUIRE(both.fast().tail() == both.naive().back());
      }
    }
    CHECK(both.forwards() == std::vector<PageIndex>(both.naive().begin(), both.naive().end()));
    CHECK(both.backwards() == std::vector<PageIndex>(both.naive().rbegin(), both.naive().rend()));
  }
}

TEST_CASE("tombstones do not make a free list grow for ever") {
  FreeList list;
  std::map<PageIndex, std::uint32_t> positions;
  const auto moved = [&](PageIndex block, std::uint32_t position) { positions[block] = position; };
  positions[0] = list.add_head(0, moved);
  for (PageIndex block = 1; block < 100000; ++block) {
    positions[block] = list.add_tail(block, moved);
    if (block > 1) {
      list.remove(positions[block - 1], block - 1);
    }
  }
  CHECK(list.size() == 2);
  CHECK(list.head() == 0);
  CHECK(list.tail() == 99999);
  CHECK(list.metadata_bytes() <= 1024);
}

TEST_CASE("a list counts its changes, but not where its blocks lie") {
  const auto moved = [](PageIndex, std::uint32_t) {};
  FreeList list;
  const std::uint32_t at = list.add_tail(1, moved);
  list.add_head(2, moved);
  const std::uint64_t before = list.changes();
  CHECK(list.head() == 2);
  CHECK(list.changes() == before);
  list.remove(at, 1);
  CHECK(list.changes() > before);
}

TEST_CASE("free lists are equal when they hold the same blocks in the same order, whatever was removed before") {
  const auto moved = [](PageIndex, std::uint32_t) {};
  const auto list_of = [&](const std::vector<PageIndex>& blocks, FreeList& list) {
    for (const PageIndex block : blocks) {
      const std::uint32_t at = list.add_tail(block, moved);
      if (block >= 100) {
        list.remove(at, block);
      }
    }
    return std::ref(list);
  };
  FreeList lists[6];
  FreeList& plain = list_of({1, 2, 3}, lists[0]);
  plain.add_head(0, moved);
  const std::uint32_t gone = plain.add_tail(100, moved);
  plain.add_tail(4, moved);
  plain.remove(gone, 100);  // between two that stay
  CHECK(plain == list_of({0, 1, 101, 2, 3, 4}, lists[1]));
  CHECK_FALSE(plain == list_of({0, 1, 3, 2, 4}, lists[2]));
  CHECK_FALSE(plain == list_of({0, 1, 2, 3}, lists[3]));
  CHECK_FALSE(plain == list_of({0, 1, 2, 3, 5}, lists[4]));
  CHECK_FALSE(plain == lists[5]);
  CHECK(lists[5] == FreeList{});
}

TEST_CASE("long free lists that went different ways are equal exactly when linked lists are") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Differential busy(seed);
    for (int i = 0; i < 2000; ++i) {
      busy.step();
    }
    FreeList copy;
    for (const PageIndex block : busy.naive()) {
      copy.add_tail(block, [](PageIndex, std::uint32_t) {});
    }
    CHECK(busy.fast() == copy);
    busy.step();
    CHECK_FALSE(busy.fast() == copy);
  }
}

TEST_CASE("long free lists with the same tombstones differ by one block anywhere") {
  const auto moved = [](PageIndex, std::uint32_t) {};
  const auto fill = [&](FreeList& list, PageIndex other) {
    for (PageIndex block = 0; block < 400; ++block) {
      const std::uint32_t at = list.add_tail(block == other ? 1000 : block, moved);
      if (block % 7 == 3) {
        list.remove(at, block == other ? 1000 : block);
      }
    }
  };
  FreeList list;
  fill(list, kNoPage);
  for (const PageIndex other : {0U, 63U, 64U, 200U, 399U}) {
    CAPTURE(other);
    FreeList lists[2];
    fill(lists[0], kNoPage);
    fill(lists[1], other);
    CHECK(list == lists[0]);
    CHECK_FALSE(list == lists[1]);
  }
}

TEST_CASE("peeking past the end of a free list finds nothing") {
  FreeList list;
  CHECK(list.peek(0) == kNoPage);
  list.add_head(7, [](PageIndex, std::uint32_t) {});
  CHECK(list.peek(0) == 7);
  CHECK(list.peek(1) == kNoPage);
}
