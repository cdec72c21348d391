// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/snapshot_score.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "toy_replay.h"

using namespace gbsim;

namespace {

/** A kernel with free blocks on four lists. */
KernelSnapshot kernel() {
  KernelSnapshot snapshot = test::toy_snapshot("UMMMMMMM");
  test::add_free(snapshot, 0, Migratetype::unmovable, {5, 1, 3});
  test::add_free(snapshot, 1, Migratetype::movable, {22, 10});
  test::add_free(snapshot, 3, Migratetype::movable, {56});
  test::add_free(snapshot, 4, Migratetype::movable, {32});
  return snapshot;
}

/** A model equal to it, and its score once a test has disturbed it. */
struct Model {
  KernelSnapshot snapshot = kernel();
  test::ToyReplayWorld world{snapshot};

  Zone& zone() { return world.zone(); }
  SnapshotScore score(const ScoredSides& sides = {}) {
    return score_snapshot(zone(), snapshot, snapshot.zones[0], sides);
  }
};

}  // namespace

TEST_CASE("a model equal to the kernel scores equal in everything") {
  Model model;
  const SnapshotScore score = model.score();
  CHECK(score.free_pages.ours == 31);
  CHECK(score.free_pages.kernel == 31);
  CHECK(score.lists.same_blocks());
  CHECK(score.lists.lists == 4);
  CHECK(score.lists.same_order == 4);
  CHECK(score.lists.same_types == 8);
  CHECK(score.fully_free.ours == 3);
  CHECK(score.fully_free.kernel == 3);
  CHECK(score.unusable_index.ours == score.unusable_index.kernel);
  CHECK(score.large_free_blocks(Order{3}).kernel == 2);
}

TEST_CASE("a list in another order has the same blocks") {
  Model model;
  model.zone().move_free_block(test::toy_page(5), Order{0}, Migratetype::unmovable);
  const SnapshotScore score = model.score();
  CHECK(score.lists.same_blocks());
  CHECK(score.lists.same_order == 3);
}

TEST_CASE("blocks that only one side has are counted on both sides") {
  Model model;
  model.zone().move_free_block(test::toy_page(56), Order{3}, Migratetype::reclaimable);
  model.zone().set_pageblock_type(test::toy_page(56), Migratetype::reclaimable);
  const SnapshotScore score = model.score();
  CHECK(score.lists.only_ours == 1);
  CHECK(score.lists.only_kernel == 1);
  CHECK(score.lists.same_types == 7);
  CHECK(score.free_blocks[3][index(Migratetype::movable)].kernel == 1);
  CHECK(score.free_blocks[3][index(Migratetype::movable)].ours == 0);
  CHECK(score.pageblocks[index(Migratetype::reclaimable)].ours == 1);
}

TEST_CASE("the kernel's mixed pageblocks come from the recorded requests") {
  Model model;
  PageTypes recorded;
  recorded.feed(test::toy_event(EventKind::alloc, 16, 0, Migratetype::unmovable));
  recorded.feed(test::toy_event(EventKind::alloc, 24, 0, Migratetype::movable));
  const SnapshotScore score = model.score({.ours = nullptr, .kernel = &recorded});
  CHECK(score.knows_mixed);
  CHECK(score.mixed.kernel == 1);
  CHECK(score.mixed.ours == 0);
  CHECK(model.score({.ours = &recorded, .kernel = &recorded}).mixed.ours == 1);
}

TEST_CASE("where both sides have the same pages in use, their pageblocks' types tell them apart") {
  Model model;
  PageTypes ours;
  PageTypes kernel;
  for (PageTypes* types : {&ours, &kernel}) {
    types->feed(test::toy_event(EventKind::alloc, 16, 0, Migratetype::movable));
  }
  model.zone().set_pageblock_type(test::toy_page(16), Migratetype::reclaimable);
  for (const PageTypes* theirs : {&ours, &kernel}) {
    const SnapshotScore score = model.score({.ours = &ours, .kernel = theirs});
    CHECK(score.mixed.ours == 1);
    CHECK(score.mixed.kernel == 0);
  }
}

TEST_CASE("a pageblock is fully free although some of its pages are on per-CPU lists") {
  KernelSnapshot snapshot = test::toy_snapshot("MM", 1);
  test::add_free(snapshot, 2, Migratetype::movable, {4});
  test::add_free(snapshot, 1, Migratetype::movable, {2});
  snapshot.zones[0].pcps[0].lists[1] = {test::toy_page(1), test::toy_page(0)};
  snapshot.zones[0].pcps[0].count = 2;
  for (const PcpLoad pcp : {PcpLoad::lists, PcpLoad::allocated}) {
    test::ToyReplayWorld world(snapshot, KernelVersion::v6_12, pcp);
    const SnapshotScore score = score_snapshot(world.zone(), snapshot, snapshot.zones[0], {.pcp = pcp});
    CHECK(score.fully_free.ours == 1);
    CHECK(score.fully_free.kernel == 1);
    CHECK(score.pcp_pages.kernel == 2);
  }
}

TEST_CASE("replay.json names both sides of every number") {
  Model model;
  const auto json = to_json(model.score());
  CHECK(json["zone"] == "DMA32");
  CHECK(json["free_pages"] == nlohmann::ordered_json::array({31, 31}));
  CHECK(json["free_blocks"]["4"] == nlohmann::ordered_json::array({1, 1}));
  CHECK(json["pageblocks"]["unmovable"] == nlohmann::ordered_json::array({1, 1}));
  CHECK(json["fully_free_pageblocks"] == nlohmann::ordered_json::array({3, 3}));
  CHECK_FALSE(json.contains("mixed_pageblocks"));
  CHECK(json["lists"]["same_blocks"] == true);
}
