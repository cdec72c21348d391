// SPDX-License-Identifier: GPL-2.0-or-later
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <variant>
#include <vector>

#include "page_map_model.h"
#include "sim/allocator/page_allocator.h"
#include "sim/base/random.h"
#include "toy_zone.h"

using namespace gbsim;
using gbsim::test::NoRelief;
using gbsim::test::PageMapModel;
using gbsim::test::ToySpec;
using gbsim::test::ToyZone;

namespace {

constexpr unsigned kCpus = 2;
constexpr std::size_t kPages = 256;

class Owner : public FolioOwner {
 public:
  std::string_view name() const override { return "fuzz"; }
  void on_evicted(FolioId, const Folio&) override {}
};

/** What is live: raw blocks or folios. */
struct Block {
  Pfn pfn;
  Order order;
  Maybe<FolioId> folio{};
};

/** The real allocator and the model beside it. */
struct State {
  explicit State(const ToySpec& spec) : toy(spec) {}

  ToyZone toy;
  NoRelief relief{};
  PageAllocator allocator{toy.memory(), relief};
  Owner owner{};
  OwnerId owner_id = toy.memory().folios().register_owner(owner);
  PageMapModel model{toy.first(), kPages};
  std::vector<Block> live{};

  void drop(std::size_t i) {
    std::swap(live[i], live.back());
    live.pop_back();
  }
};

CpuId cpu(std::uint64_t n) { return CpuId{n % kCpus}; }

struct Alloc {
  unsigned order;
  std::size_t shape;
  std::uint64_t on;
  bool as_folio;

  void perform(State& state) const {
    constexpr std::array kShapes{gfp::kNowait, gfp::kAtomic, gfp::kHighuserMovable.without(Gfp::direct_reclaim),
                                 gfp::kNowait.with(Gfp::reclaimable), gfp::kAtomic.with(Gfp::memalloc)};
    const PageRequest request{Order{order}, kShapes[shape % kShapes.size()], cpu(on), NodeId{}};
    Block block{Pfn{}, Order{order}};
    if (as_folio) {
      block.folio = state.allocator.alloc_folio(request, FolioUse{state.owner_id, 1, LruList::inactive_anon});
      block.pfn = block.folio ? state.toy.memory().folios()[*block.folio].pfn : Pfn{};
    } else if (const auto pfn = state.allocator.alloc_pages(request)) {
      block.pfn = *pfn;
    }
    if (block.pfn == Pfn{}) {
      return;
    }
    REQUIRE(state.model.could_serve(block.order));
    REQUIRE(state.model.take(block.pfn, block.order));
    state.live.push_back(block);
  }
};

struct Free {
  std::uint64_t which;
  std::uint64_t on;

  void perform(State& state) const {
    if (state.live.empty()) {
      return;
    }
    const std::size_t i = which % state.live.size();
    const Block block = state.live[i];
    state.model.give(block.pfn, block.order);
    if (block.folio) {
      state.allocator.free_folio(*block.folio, cpu(on));
    } else {
      state.allocator.free_pages(block.pfn, block.order, cpu(on));
    }
    state.drop(i);
  }
};

struct Drain {
  std::uint64_t on;

  void perform(State& state) const { state.toy.memory().drain_pcp(cpu(on)); }
};

struct Tick {
  std::uint64_t on;

  void perform(State& state) const { state.toy.memory().tick(cpu(on)); }
};

struct Split {
  std::uint64_t which;

  void perform(State& state) const {
    if (state.live.empty() || !state.live[which % state.live.size()].folio) {
      return;
    }
    const std::size_t i = which % state.live.size();
    const Block whole = state.live[i];
    state.drop(i);
    for (const FolioId part : state.toy.memory().split_folio(*whole.folio)) {
      state.live.push_back(Block{state.toy.memory().folios()[part].pfn, Order{0}, part});
    }
  }
};

struct Pin {
  std::uint64_t which;
  bool pinned;

  void perform(State& state) const {
    if (!state.live.empty() && state.live[which % state.live.size()].folio) {
      state.allocator.set_pinned(*state.live[which % state.live.size()].folio, pinned);
    }
  }
};

/** Moves a folio to a free block of its order, as migration does. */
struct Migrate {
  std::uint64_t which;

  void perform(State& state) const {
    if (state.live.empty() || !state.live[which % state.live.size()].folio) {
      return;
    }
    Block& block = state.live[which % state.live.size()];
    Zone& zone = state.toy.zone();
    for (std::size_t t = 0; t < kNrPcpTypes; ++t) {
      const auto type = static_cast<Migratetype>(t);
      const bool found = zone.has_free(block.order, type);
      if (found && zone.isolate_free_block(zone.first_free(block.order, type), block.order)) {
        return move(state, block, find_raw(state, block.order));
      }
    }
  }

 private:
  /** The isolated block: raw and in nobody's hands. */
  static Pfn find_raw(State& state, Order order) {
    for (Pfn at = state.toy.first(); at < state.toy.zone().end(); at += order.pages()) {
      const PageView view = state.toy.zone().view(at);
      if (view.kind == PageKind::raw_head && view.order == order && state.model.take(at, order)) {
        return at;
      }
    }
    FAIL("the isolated block is gone");
    return Pfn{};
  }
  static void move(State& state, Block& block, Pfn to) {
    state.toy.memory().move_folio(*block.folio, to);
    state.toy.memory().free_pages(block.pfn, block.order, CpuId{});
    state.model.give(block.pfn, block.order);
    block.pfn = to;
  }
};

struct SetPressure {
  std::uint64_t min;

  void perform(State& state) const {
    state.toy.zone().set_watermarks(Watermarks{{min, min + min / 4, min + min / 2}, {}});
    state.toy.zone().clear_boost();
  }
};

using Instruction = std::variant<Alloc, Free, Drain, Tick, Split, Pin, Migrate, SetPressure>;

Instruction draw_instruction(RandomStream& random) {
  const std::uint64_t dice = random.below(100);
  const std::uint64_t which = random.below(1U << 20);
  if (dice < 45) {
    const unsigned order = random.chance(0.7) ? 0 : static_cast<unsigned>(random.below(5));
    return Alloc{order, random.below(5), which, random.chance(0.5)};
  }
  if (dice < 80) {
    return Free{which, which >> 3};
  }
  if (dice < 84) {
    return Drain{which};
  }
  if (dice < 87) {
    return Tick{which};
  }
  if (dice < 90) {
    return Split{which};
  }
  if (dice < 94) {
    return Pin{which, random.chance(0.5)};
  }
  return dice < 99 ? Instruction{Migrate{which}} : Instruction{SetPressure{random.below(24)}};
}

void perform(State& state, const Instruction& instruction) {
  std::visit([&](const auto& operation) { operation.perform(state); }, instruction);
}

PcpKind pcp_of(std::uint64_t seed) { return seed % 7 == 0 ? PcpKind::none : PcpKind::linux; }

void run(std::uint64_t seed, int operations, PlacementKind placement, PcpKind pcp) {
  RandomStream random(seed, "allocator fuzz");
  const KernelVersion kernel = seed % 2 == 0 ? KernelVersion::v6_12 : KernelVersion::v6_1;
  const ZoneType zone = seed % 3 == 0 ? ZoneType::dma32 : ZoneType::normal;
  const bool by_zone = placement == PlacementKind::linux || placement == PlacementKind::confined;
  State state(ToySpec{.gigablocks = by_zone ? 4U : 16U,
                      .gigablock_order = by_zone ? 6U : 4U,
                      .pageblock_order = seed % 5 == 0 && by_zone ? 4U : 3U,
                      .cpus = kCpus,
                      .kernel = kernel,
                      .zone = zone,
                      .placement = placement,
                      .pcp = pcp});
  for (int i = 0; i < operations; ++i) {
    CAPTURE(i);
    perform(state, draw_instruction(random));
    REQUIRE_NOTHROW(state.toy.check());
  }
  while (!state.live.empty()) {
    Free{0, 0}.perform(state);
  }
  state.toy.memory().drain_all_pcp();
  REQUIRE_NOTHROW(state.toy.check());
  CHECK(state.toy.zone().free_pages_exact() == NrPages{kPages});
  CHECK(state.model.used() == 0);
}

/** GBSIM_FUZZ_SEEDS raises the number of seeds, as a nightly run does. */
std::uint64_t seeds() {
  const char* text = std::getenv("GBSIM_FUZZ_SEEDS");
  return text == nullptr ? 200 : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("any operations leave blocks disjoint and every counter equal to a recount") {
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    CAPTURE(seed);
    run(seed, 400, PlacementKind::linux, pcp_of(seed));
  }
}

TEST_CASE("the same holds with free lists and an index by gigablock") {
  for (std::uint64_t seed = 1; seed <= seeds() / 2; ++seed) {
    CAPTURE(seed);
    run(seed, 400, seed % 2 == 0 ? PlacementKind::gigablock_bitmap : PlacementKind::gigablock_walk, pcp_of(seed));
  }
}

TEST_CASE("the same holds where a boundary keeps kernel memory apart, and no label crosses it") {
  for (std::uint64_t seed = 1; seed <= seeds() / 2; ++seed) {
    CAPTURE(seed);
    run(seed, 400, PlacementKind::confined, pcp_of(seed));
  }
}

TEST_CASE("the same holds where CPUs own pageblocks, under every placement") {
  for (std::uint64_t seed = 1; seed <= 2 * seeds(); ++seed) {
    CAPTURE(seed);
    run(seed, 400, static_cast<PlacementKind>(seed % kPlacementNames.size()), PcpKind::pcpbuddy);
  }
}

TEST_CASE("the model refuses overlapping and misaligned blocks") {
  PageMapModel model(Pfn{1024}, 64);
  CHECK(model.take(Pfn{1024}, Order{2}));
  CHECK_FALSE(model.take(Pfn{1026}, Order{1}));
  CHECK_FALSE(model.take(Pfn{1029}, Order{1}));
  CHECK_FALSE(model.could_serve(Order{6}));
  CHECK(model.could_serve(Order{5}));
}
