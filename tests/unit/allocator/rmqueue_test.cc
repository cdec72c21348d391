// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/rmqueue.h"

#include <doctest/doctest.h>

#include "toy_zone.h"

using namespace gbsim;
using test::ToySpec;
using test::ToyZone;

namespace {

constexpr CpuId kCpu{0};

/** Takes a block past the per-CPU lists and marks it allocated. */
Maybe<Pfn> take(ToyZone& toy, unsigned order, Migratetype type, std::uint32_t flags = 0) {
  const auto placement = make_placement(toy.tunables());
  Rmqueue queue(toy.memory(), *placement, toy.zone(), kCpu);
  const auto pfn = queue.take({Order{order}, type, AllocFlags{Watermark::min, flags}});
  if (pfn) {
    toy.zone().set_raw(*pfn, Order{order}, type, type == Migratetype::movable);
  }
  return pfn;
}

std::string rest_used(std::string drawing) {
  std::erase(drawing, ' ');
  drawing.resize(256, 'M');
  return drawing;
}

/** Pageblocks of 32 pages, so that orders 4 and 5 have no per-CPU list or a small one. */
ToySpec wide(KernelVersion kernel = KernelVersion::v6_12) { return {.pageblock_order = 6, .kernel = kernel}; }

}  // namespace

TEST_CASE("a claimed pageblock changes its type and keeps its free pages together") {
  ToyZone toy;
  toy.paint(rest_used("MMMM...."));
  REQUIRE(take(toy, 0, Migratetype::unmovable));
  CHECK(toy.zone().pageblock(toy.first()).type == Migratetype::unmovable);
  CHECK(toy.memory().extfrag().total(ExtfragAction::steal) == 1);
  toy.check();
}

TEST_CASE("a stolen page leaves its pageblock's type alone") {
  ToyZone toy;
  toy.paint(rest_used("MMMMMMM."));
  CHECK(take(toy, 0, Migratetype::unmovable) == toy.at(7));
  CHECK(toy.zone().pageblock(toy.first()).type == Migratetype::movable);
  CHECK(toy.memory().extfrag().total(ExtfragAction::pollute) == 1);
  CHECK(toy.memory().extfrag().unmovable_into_movable() == 1);
  toy.check();
}

TEST_CASE("on 6.1 a polluting fallback moves all free pages of the pageblock to the other lists") {
  ToyZone toy(ToySpec{.kernel = KernelVersion::v6_1});
  toy.paint(rest_used("MMMM.MM."));
  REQUIRE(take(toy, 0, Migratetype::unmovable));
  CHECK(toy.zone().pageblock(toy.first()).type == Migratetype::movable);
  CHECK(toy.zone().nr_free_blocks(Order{0}, Migratetype::movable) == 0);
  toy.check();
}

TEST_CASE("orders without a per-CPU list come straight from the free lists") {
  ToyZone toy(wide());
  toy.paint("");
  CHECK(take(toy, 4, Migratetype::movable));
  CHECK(toy.zone().pcp_pages() == NrPages{});
  toy.check();
}

TEST_CASE("without per-CPU lists every page comes from the buddy and merges as soon as it is freed") {
  ToyZone toy(ToySpec{.pcp = PcpKind::none});
  toy.paint("");
  const auto pfn = take(toy, 0, Migratetype::movable);
  REQUIRE(pfn);
  CHECK(toy.zone().pcp_pages() == NrPages{});
  CHECK(toy.zone().free_pages_exact() == NrPages{255});
  toy.check();
  toy.memory().free_pages(*pfn, Order{0}, kCpu);
  CHECK(toy.zone().nr_free_blocks(Order{0}) == 0);
  CHECK(toy.zone().free_pages_exact() == NrPages{256});
  toy.check();
}

TEST_CASE("a highatomic block reserves its pageblock up to one percent") {
  ToyZone toy(ToySpec{.gigablocks = 16, .pageblock_order = 3});
  toy.paint("");
  const auto placement = make_placement(toy.tunables());
  Rmqueue queue(toy.memory(), *placement, toy.zone(), kCpu);
  for (int i = 0; i < 4; ++i) {
    const auto pfn = take(toy, 1, Migratetype::unmovable);
    REQUIRE(pfn);
    queue.reserve_highatomic(*pfn, Order{1});
  }
  CHECK(toy.zone().reserved_highatomic() == NrPages{16});
  toy.check();
  CHECK(queue.unreserve_highatomic(Migratetype::movable, true));
  CHECK(toy.zone().reserved_highatomic() == NrPages{8});
  toy.check();
}
