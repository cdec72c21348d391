// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/zone.h"

#include <doctest/doctest.h>

#include <vector>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

TEST_CASE("a toy zone draws what was painted") {
  ToyZone toy;
  toy.paint("UU.. .... MM..R...", "UMR");
  CHECK(toy.draw().substr(0, 26) == "UU...... MM..R... ........");
  toy.check();
}

TEST_CASE("freed buddies merge up to the largest order") {
  ToyZone toy;
  toy.paint("MMMMMMMM MMMMMMMM");
  for (std::uint64_t page = 0; page < 16; ++page) {
    toy.zone().clear_raw(toy.at(page), Order{0});
    toy.zone().free_block(toy.at(page), Order{0}, Migratetype::movable);
  }
  CHECK(toy.zone().is_free_block(toy.first(), Order{4}));
  toy.check();
}

TEST_CASE("free pageblocks of the atomic reserve and isolated ones merge with none of another type") {
  for (const Migratetype apart : {Migratetype::highatomic, Migratetype::isolate}) {
    ToyZone toy;
    toy.paint("MMMMMMMM MMMMMMMM");
    toy.zone().set_pageblock_type(toy.at(8), apart);
    for (std::uint64_t page = 0; page < 16; ++page) {
      toy.zone().clear_raw(toy.at(page), Order{0});
      toy.zone().free_block(toy.at(page), Order{0}, page < 8 ? Migratetype::movable : apart);
    }
    CHECK(toy.zone().is_free_block(toy.first(), Order{3}));
    CHECK(toy.zone().is_free_block(toy.at(8), Order{3}));
    CHECK_FALSE(toy.zone().is_free_block(toy.first(), Order{4}));
  }
}

TEST_CASE("a block whose parent would merge next goes to the tail") {
  ToyZone toy;
  toy.paint("MM..MMMM MM..MMMM M.M.M.M.");
  toy.zone().clear_raw(toy.at(1), Order{0});
  toy.zone().free_block(toy.at(1), Order{0}, Migratetype::movable);
  Pfn last;
  toy.zone().for_each_free(Order{0}, Migratetype::movable, [&](Pfn pfn) { return last = pfn, true; });
  CHECK(last == toy.at(1));
}

TEST_CASE("taking part of a block leaves the upper halves free") {
  ToyZone toy;
  toy.paint("");
  toy.zone().take_block(toy.first(), Order{4}, Order{1}, Migratetype::movable);
  toy.zone().set_raw(toy.first(), Order{1}, Migratetype::movable, true);
  CHECK(toy.draw().substr(0, 17) == "MM...... ........");
  CHECK(toy.zone().is_free_block(toy.at(2), Order{1}));
  CHECK(toy.zone().is_free_block(toy.at(4), Order{2}));
  CHECK(toy.zone().is_free_block(toy.at(8), Order{3}));
  toy.check();
}

TEST_CASE("merging whole pageblocks retypes the absorbed one where the kernel does") {
  for (const KernelVersion kernel : {KernelVersion::v6_1, KernelVersion::v6_12}) {
    ToyZone toy(ToySpec{.kernel = kernel});
    toy.paint("........ MMMMMMMM", "UM");
    toy.zone().set_pageblock_type(toy.at(8), Migratetype::movable);
    for (std::uint64_t page = 8; page < 16; ++page) {
      toy.zone().clear_raw(toy.at(page), Order{0});
      toy.zone().free_block(toy.at(page), Order{0}, Migratetype::movable);
    }
    const bool retyped = toy.zone().pageblock(toy.first()).type == Migratetype::movable;
    CHECK(retyped == (kernel == KernelVersion::v6_12));
    toy.check();
  }
}

TEST_CASE("an isolated block is raw until it is put back at the tail") {
  ToyZone toy;
  toy.paint("MMMM....");
  REQUIRE(toy.zone().isolate_free_block(toy.at(4), Order{2}));
  CHECK(toy.zone().view(toy.at(4)).kind == PageKind::raw_head);
  toy.check();
  toy.zone().putback_raw(toy.at(4), Order{2});
  CHECK(toy.zone().view(toy.at(4)).kind == PageKind::free_head);
  toy.check();
}

TEST_CASE("isolation keeps the min watermark") {
  ToyZone toy;
  toy.paint("MMMM....");
  toy.zone().set_watermarks(Watermarks{{1000, 1000, 1000}, {}});
  CHECK_FALSE(toy.zone().isolate_free_block(toy.at(4), Order{2}));
}

TEST_CASE("the head of a block is found from any page in it") {
  ToyZone toy;
  toy.paint("");
  toy.zone().take_block(toy.first(), Order{4}, Order{3}, Migratetype::movable);
  toy.zone().set_raw(toy.first(), Order{3}, Migratetype::movable, true);
  CHECK(toy.zone().head_of(toy.at(5), toy.memory().folios()) == toy.first());
  CHECK(toy.zone().head_of(toy.at(13), toy.memory().folios()) == toy.at(8));
}

TEST_CASE("one unmovable page taints its gigablock") {
  ToyZone toy;
  std::string drawing(256, '.');
  drawing[70] = 'U';
  drawing[130] = 'M';
  toy.paint(drawing);
  CHECK(toy.zone().nr_gigablocks() == 4);
  CHECK(toy.zone().gigablock(GigablockId{0}).state == GigablockState::empty);
  CHECK(toy.zone().gigablock(GigablockId{1}).state == GigablockState::tainted);
  CHECK(toy.zone().gigablock(GigablockId{2}).state == GigablockState::clean);
  CHECK(toy.zone().gigablock(GigablockId{1}).free == 63);
  CHECK(toy.zone().gigablock(GigablockId{1}).free_pageblocks == 7);
}

TEST_CASE("atomic requests may go below the min watermark, others may not") {
  ToyZone toy;
  toy.paint("");
  toy.zone().set_watermarks(Watermarks{{300, 320, 340}, {}});
  const auto ok = [&](AllocFlags flags) {
    return toy.zone().watermark_ok(Order{0}, toy.zone().min_wmark(), ZoneType::normal, flags);
  };
  CHECK_FALSE(ok(AllocFlags{}));
  CHECK_FALSE(ok(AllocFlags{Watermark::min, AllocFlags::non_block}));
  CHECK(ok(AllocFlags{Watermark::min, AllocFlags::min_reserve}));
}

TEST_CASE("boost rises by a pageblock at a time and is bounded by the high watermark") {
  ToyZone toy;
  toy.zone().set_watermarks(Watermarks{{10, 12, 14}, {}});
  CHECK(toy.zone().boost_watermark(15000));
  CHECK(toy.zone().boost() == NrPages{8});
  CHECK(toy.zone().low_wmark() == NrPages{20});
  for (int i = 0; i < 10; ++i) {
    toy.zone().boost_watermark(15000);
  }
  CHECK(toy.zone().boost() == NrPages{21});
  CHECK_FALSE(toy.zone().boost_watermark(0));
  toy.zone().clear_boost();
  CHECK(toy.zone().low_wmark() == NrPages{12});
}

TEST_CASE("the same list of two zones is compared block by block") {
  ToyZone ours;
  ToyZone theirs;
  for (ToyZone* toy : {&ours, &theirs}) {
    toy->paint("M.M.M.M. MMMMMMMM");
  }
  const auto list_of = [](ToyZone& toy, Migratetype type) -> const FreeList& {
    return toy.zone().free_list(Order{0}, type);
  };
  CHECK(list_of(ours, Migratetype::movable) == list_of(theirs, Migratetype::movable));
  theirs.zone().turn_list(theirs.zone().first_free(Order{0}, Migratetype::movable), Order{0}, ListEnd::tail);
  CHECK_FALSE(list_of(ours, Migratetype::movable) == list_of(theirs, Migratetype::movable));
  CHECK(list_of(ours, Migratetype::unmovable) == list_of(theirs, Migratetype::unmovable));
}

TEST_CASE("a free list turns round until a block is first or last and keeps its order") {
  ToyZone toy;
  toy.paint("M.M.M.M. MMMMMMMM");
  const auto order = [&] {
    std::vector<std::uint64_t> pages;
    toy.zone().for_each_free(Order{0}, Migratetype::movable,
                             [&](Pfn pfn) { return pages.push_back((pfn - toy.first()).value), true; });
    return pages;
  };
  const std::vector<std::uint64_t> before = order();
  REQUIRE(before.size() == 4);
  toy.zone().turn_list(toy.at(before[2]), Order{0}, ListEnd::head);
  CHECK(order() == std::vector<std::uint64_t>{before[2], before[3], before[0], before[1]});
  toy.zone().turn_list(toy.at(before[2]), Order{0}, ListEnd::tail);
  CHECK(order() == std::vector<std::uint64_t>{before[3], before[0], before[1], before[2]});
  toy.check();
}
