// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/kcompactd.h"

#include <doctest/doctest.h>

#include "folio_world.h"
#include "sim/mm/fragmentation.h"

using namespace gbsim;
using test::FolioWorld;

namespace {

constexpr NodeId kNode{};
constexpr NrPages kBudget{64};
constexpr std::string_view kScattered = "M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M.";

/** Lets the daemon run until it sleeps; returns steps. */
int run(Kcompactd& daemon) {
  int steps = 0;
  while (daemon.step(kNode, kBudget, CpuId{})) {
    ++steps;
  }
  return steps;
}

}  // namespace

TEST_CASE("proactive marks follow from proactiveness as in the kernel") {
  CHECK(proactive_marks(20).low == 80);
  CHECK(proactive_marks(20).high == 90);
  CHECK(proactive_marks(100).low == 5);
  CHECK(proactive_marks(0).high == 100);
}

TEST_CASE("kcompactd makes a block of the order it was woken for") {
  FolioWorld world;
  Kcompactd daemon(world.memory(), world.compaction);
  world.paint(kScattered);
  CHECK(daemon.wake(kNode, Order{3}));
  CHECK_FALSE(daemon.wake(kNode, Order{3}));
  CHECK(run(daemon) > 0);
  CHECK(world.zone().smallest_free(Order{3}, Migratetype::movable));
  CHECK(world.count(VmEvent::compact_daemon_wake) == 1);
  CHECK(world.count(VmEvent::compact_daemon_migrate_scanned) == world.count(VmEvent::compact_migrate_scanned));
  CHECK(world.count(VmEvent::compact_stall) == 0);
  world.toy.check();
}

TEST_CASE("kcompactd sleeps on where it could be of no use") {
  FolioWorld world;
  Kcompactd daemon(world.memory(), world.compaction);
  world.paint("........ MMMMMMMM");
  CHECK_FALSE(daemon.wake(kNode, Order{3}));
  CHECK_FALSE(daemon.step(kNode, kBudget, CpuId{}));
  CHECK(world.count(VmEvent::compact_daemon_wake) == 0);
}

TEST_CASE("kcompactd defers after a pass that came to nothing") {
  FolioWorld world;
  Kcompactd daemon(world.memory(), world.compaction);
  world.paint("MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U..");
  CHECK(daemon.wake(kNode, Order{3}));
  run(daemon);
  CHECK(world.compaction.cached(world.zone()).defer_shift == 1);
  const auto scanned = world.count(VmEvent::compact_migrate_scanned);
  daemon.wake(kNode, Order{3});
  run(daemon);
  CHECK(world.count(VmEvent::compact_migrate_scanned) == scanned);
}

TEST_CASE("proactive compaction works from the high mark down to the low one") {
  FolioWorld world;
  Kcompactd daemon(world.memory(), world.compaction);
  world.paint(kScattered);
  world.toy.tunables().compaction_proactiveness = 60;
  CHECK(daemon.wake_proactively(kNode));
  run(daemon);
  world.memory().drain_all_pcp();
  CHECK(fragmentation_score(world.zone()) <= 40);
  CHECK_FALSE(daemon.wake_proactively(kNode));
  world.toy.check();
}

TEST_CASE("proactive compaction rests while kswapd runs, and when it is turned off") {
  FolioWorld world;
  Kcompactd daemon(world.memory(), world.compaction);
  world.paint(kScattered);
  world.zone().set_reclaim_active(true);
  CHECK_FALSE(daemon.wake_proactively(kNode));
  world.zone().set_reclaim_active(false);
  world.toy.tunables().compaction_proactiveness = 0;
  CHECK_FALSE(daemon.wake_proactively(kNode));
}

TEST_CASE("proactive compaction pauses 64 rounds after one that gained nothing") {
  FolioWorld world;
  Kcompactd daemon(world.memory(), world.compaction);
  world.paint("MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U..");
  CHECK(daemon.wake_proactively(kNode));
  run(daemon);
  for (int i = 0; i < 64; ++i) {
    CHECK_FALSE(daemon.wake_proactively(kNode));
  }
  CHECK(daemon.wake_proactively(kNode));
}
