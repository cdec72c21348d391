// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compaction.h"

#include <doctest/doctest.h>

#include "folio_world.h"

using namespace gbsim;
using test::FolioWorld;

namespace {

constexpr std::string_view kScattered = "M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M. M.M.M.M.";

CompactOutcome compact(FolioWorld& world, unsigned order, CompactPriority priority) {
  CompactRequest like;
  like.order = Order{order};
  return world.compaction.direct(NodeId{}, ZoneType::normal, like, priority);
}

void set_marks(FolioWorld& world, std::uint64_t pages) {
  Watermarks marks;
  marks.mark = {pages, pages, pages};
  world.zone().set_watermarks(marks);
}

}  // namespace

TEST_CASE("a zone that can serve the request needs no compaction") {
  FolioWorld world;
  world.paint("........ MMMMMMMM");
  CHECK(compact(world, 3, CompactPriority::async) == CompactOutcome::success);
  CHECK(world.count(VmEvent::compact_migrate_scanned) == 0);
}

TEST_CASE("in defrag_mode only whole pageblocks spare kcompactd its work") {
  FolioWorld world;
  world.paint("M....... M....... M....... M....... M....... M....... M....... M.......");
  CompactRequest request = world.request(2, MigrateMode::sync_light);
  CHECK(world.compaction.verdict(request) == CompactOutcome::success);
  world.toy.tunables().defrag_mode = true;
  CHECK(world.compaction.verdict(request) == CompactOutcome::success);
  request.daemon = true;
  CHECK(world.compaction.verdict(request) != CompactOutcome::success);
}

TEST_CASE("a zone short of memory is skipped") {
  FolioWorld world;
  world.paint(kScattered);
  set_marks(world, 20);
  CHECK(compact(world, 3, CompactPriority::sync_light) == CompactOutcome::skipped);
}

TEST_CASE("direct compaction hands its block over once") {
  FolioWorld world;
  world.paint(kScattered);
  CHECK(compact(world, 3, CompactPriority::sync_light) == CompactOutcome::success);
  const auto block = world.compaction.take_captured();
  REQUIRE(block);
  CHECK(world.zone().slot(*block).order() == Order{3});
  CHECK_FALSE(world.compaction.take_captured());
  world.toy.check();
}

TEST_CASE("sync failures defer the next attempts, async failures do not") {
  FolioWorld world;
  world.paint("MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U.. MU.M.U..");
  CHECK(compact(world, 3, CompactPriority::async) < CompactOutcome::contended);
  CHECK(world.compaction.cached(world.zone()).defer_shift == 0);
  CHECK(compact(world, 3, CompactPriority::sync_light) < CompactOutcome::contended);
  CHECK(world.compaction.cached(world.zone()).defer_shift == 1);
  CHECK(compact(world, 3, CompactPriority::sync_light) == CompactOutcome::deferred);
  CHECK(compact(world, 3, CompactPriority::sync_full) != CompactOutcome::deferred);
  world.toy.check();
}

TEST_CASE("an allocation that got its block ends deferral and forgets the flush of hints") {
  FolioWorld world;
  CompactZone& cached = world.compaction.cached(world.zone());
  cached.defer(Order{3});
  cached.flush_skip_bits = true;
  world.compaction.paid_off(world.toy.at(0), Order{3});
  CHECK(cached.defer_shift == 0);
  CHECK(cached.order_failed == Order{4});
  CHECK_FALSE(cached.flush_skip_bits);
}

TEST_CASE("compact_memory compacts every zone whatever the hints say, until the scanners are a pageblock apart") {
  FolioWorld world;
  world.paint(kScattered);
  for (std::size_t i = 0; i < world.zone().nr_pageblocks(); ++i) {
    world.zone().pageblock_at(i).skip = true;
  }
  world.compaction.compact_everything(CpuId{});
  CHECK(world.draw() == "........ ........ ........ M.M.M.M. M.M.M.M. MMMMMMMM MMMMMMMM MMMMMMMM");
  CHECK(world.count(VmEvent::compact_daemon_migrate_scanned) == 0);
  world.toy.check();
}

TEST_CASE("kswapd's rest gives fruitless pageblocks another chance") {
  FolioWorld world;
  world.paint(kScattered);
  world.zone().pageblock_at(2).skip = true;
  world.compaction.cached(world.zone()).flush_skip_bits = true;
  world.compaction.reset_skip_bits(NodeId{});
  CHECK_FALSE(world.zone().pageblock_at(2).skip);
}
