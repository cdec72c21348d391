// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/writeback.h"

#include <doctest/doctest.h>

#include "reclaim_world.h"

using namespace gbsim;
using namespace std::chrono_literals;
using gbsim::test::ReclaimWorld;

TEST_CASE("a folio is dirty once however often it is written to") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  const FolioId id = world.add_dirty(LruList::inactive_file);
  world.reclaim().mark_dirty(id);
  CHECK(writeback.dirty() == NrPages{1});
  CHECK(world.count(VmEvent::nr_dirty) == 1);
  CHECK(world.count(VmEvent::nr_dirtied) == 1);
}

TEST_CASE("the flusher leaves young data alone below the background limit") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  world.add_dirty(LruList::inactive_file);
  CHECK_FALSE(writeback.wants_flush());
  CHECK(writeback.flush(NrPages{100}) == NrPages{0});
}

TEST_CASE("the flusher writes data older than dirty_expire") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  world.add_dirty(LruList::inactive_file);
  world.clock().now = world.tunables().dirty_expire;
  world.add_dirty(LruList::inactive_file);
  CHECK(writeback.flush(NrPages{100}) == NrPages{1});
  CHECK(writeback.dirty() == NrPages{1});
  CHECK(writeback.under_writeback() == NrPages{1});
}

TEST_CASE("over the background limit the flusher writes the oldest until it is below") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  const NrPages limit = writeback.background_limit();
  std::vector<FolioId> folios;
  for (std::uint64_t i = 0; i < limit.value + 20; ++i) {
    folios.push_back(world.add_dirty(LruList::inactive_file));
  }
  CHECK(writeback.wants_flush());
  writeback.flush(NrPages{100'000});
  CHECK(writeback.dirty() <= writeback.background_limit());
  CHECK(writeback.dirty() + NrPages{5} > limit);
  CHECK(world.folio(folios.front()).has(kWriteback));
  CHECK(world.folio(folios.back()).has(kDirty));
}

TEST_CASE("reclaim can have everything that is dirty now written") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  world.add_dirty(LruList::inactive_file);
  world.add_dirty(LruList::inactive_file);
  writeback.request_flush();
  world.add_dirty(LruList::inactive_file);
  CHECK(writeback.flush(NrPages{100}) == NrPages{2});
  CHECK_FALSE(writeback.wants_flush());
}

TEST_CASE("writeback ends when the device is done, not earlier") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  const FolioId id = world.add_dirty(LruList::inactive_file);
  writeback.start(id);
  const Ns done = writeback.next_completion();
  writeback.complete(done - 1ns);
  CHECK(world.folio(id).has(kWriteback));
  writeback.complete(done);
  CHECK_FALSE(world.folio(id).has(kWriteback));
  CHECK(writeback.under_writeback() == NrPages{0});
  CHECK(writeback.next_completion() == Ns::max());
  CHECK(world.count(VmEvent::nr_written) == 1);
}

TEST_CASE("a folio that reclaim waits for goes to the tail of its inactive list when written") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  world.add(LruList::inactive_file);
  const FolioId id = world.add_dirty(LruList::active_file);
  world.folio(id).set(kReclaim);
  writeback.start(id);
  writeback.complete(1s);
  CHECK(world.lru().tail(LruList::inactive_file) == id.value);
  CHECK(world.count(VmEvent::pgrotated) == 1);
}

TEST_CASE("a folio written to again while under writeback stays where it is") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  const FolioId id = world.add_dirty(LruList::active_file);
  world.folio(id).set(kReclaim);
  writeback.start(id);
  world.reclaim().mark_dirty(id);
  writeback.complete(1s);
  CHECK(world.folio(id).lru == LruList::active_file);
  CHECK(world.folio(id).has(kDirty));
}

TEST_CASE("the end of a truncated folio's writeback does not touch the folio that got its id") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  const FolioId id = world.add_dirty(LruList::inactive_file);
  writeback.start(id);
  world.reclaim().forget(id);
  world.memory().free_folio(id, CpuId{});
  world.add(LruList::inactive_file);
  const FolioId heir = world.add(LruList::inactive_file, kWriteback);
  writeback.complete(1s);
  CHECK(world.folio(heir).has(kWriteback));
  CHECK(writeback.under_writeback() == NrPages{0});
}

TEST_CASE("the parts of a split dirty folio are written like any other") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  const FolioId whole = world.add(LruList::inactive_file, 0, Order{2});
  world.reclaim().mark_dirty(whole);
  world.reclaim().split_folio(whole);
  CHECK(writeback.dirty() == NrPages{4});
  writeback.request_flush();
  CHECK(writeback.flush(NrPages{100}) == NrPages{4});
  CHECK(writeback.dirty() == NrPages{0});
}

TEST_CASE("writers pause above the middle of background and dirty limit, and longest at the limit") {
  ReclaimWorld world;
  Writeback& writeback = world.reclaim().writeback();
  world.tunables().disk_write_bandwidth = 4096.0 * 100;
  Reclaim slow(world.memory());
  world.add_many(1000, LruList::inactive_file);
  const std::uint64_t limit = writeback.dirty_limit().value;
  std::vector<Ns> pauses;
  for (std::uint64_t i = 0; i < limit; ++i) {
    slow.mark_dirty(FolioId{i});
    world.clock().now += 1s;
    pauses.push_back(slow.writeback().balance());
  }
  CHECK(pauses[limit / 2] == 0ns);
  CHECK(pauses[limit * 7 / 8] > 5ms);
  CHECK(pauses[limit * 7 / 8] < 20ms);
  CHECK(pauses.back() > pauses[limit * 7 / 8]);
  CHECK(pauses.back() <= 200ms);
}

TEST_CASE("writers share the bandwidth: the second waits behind the first") {
  ReclaimWorld world;
  world.tunables().disk_write_bandwidth = 4096.0 * 100;
  Reclaim slow(world.memory());
  const auto folios = world.add_many(1000, LruList::inactive_file);
  const std::uint64_t limit = slow.writeback().dirty_limit().value;
  for (std::uint64_t i = 0; i < limit * 7 / 8; ++i) {
    slow.mark_dirty(folios[i]);
  }
  world.clock().now = 1s;
  slow.writeback().balance();
  world.clock().now = 10s;
  slow.mark_dirty(folios[limit * 7 / 8]);
  const Ns first = slow.writeback().balance();
  slow.mark_dirty(folios[limit * 7 / 8 + 1]);
  CHECK(slow.writeback().balance() > first * 3 / 2);
}
