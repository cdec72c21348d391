// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/kernel_daemons.h"

#include <doctest/doctest.h>

#include "folio_world.h"
#include "run_rig.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** Takes page cache until the allocator, which cannot wait, is refused. */
void fill_memory(RunRig& rig, OwnerId owner) {
  const Gfp gfp = gfp::kHighuserMovable.without(Gfp::direct_reclaim);
  const FolioUse use{.owner = owner, .lru = LruList::inactive_file};
  while (rig.machine.allocator.alloc_folio({Order{0}, gfp, CpuId{0}, NodeId{0}}, use)) {
  }
}

}  // namespace

TEST_CASE("khugepaged scans so many pages every so often") {
  RunRig rig(small_scenario());
  FakeWorkload& load = run_fake(rig.workloads, "load", [](CpuId, Ns, Ns) {});
  const KernelDaemons daemons(rig.stage, rig.machine, rig.workloads);
  const Tunables& tunables = rig.machine.tunables;
  rig.stop_at(3 * tunables.khugepaged_scan_sleep + 1ms);
  rig.actors.run();
  CHECK(load.scanned == NrPages{3 * tunables.khugepaged_pages_to_scan});
}

TEST_CASE("khugepaged rests as long as it is told to when it was refused a huge page") {
  RunRig rig(small_scenario());
  rig.machine.tunables.khugepaged_alloc_sleep = 25s;
  FakeWorkload& load = run_fake(rig.workloads, "load", [](CpuId, Ns, Ns) {});
  load.huge_pages = false;
  const KernelDaemons daemons(rig.stage, rig.machine, rig.workloads);
  const Tunables& tunables = rig.machine.tunables;
  rig.stop_at(tunables.khugepaged_scan_sleep + 25s + 1ms);
  rig.actors.run();
  CHECK(load.scanned == NrPages{2 * tunables.khugepaged_pages_to_scan});
}

TEST_CASE("khugepaged rests where THP is off") {
  RunRig rig(small_scenario());
  rig.machine.tunables.thp_enabled = ThpEnabled::never;
  FakeWorkload& load = run_fake(rig.workloads, "load", [](CpuId, Ns, Ns) {});
  const KernelDaemons daemons(rig.stage, rig.machine, rig.workloads);
  rig.stop_at(30s);
  rig.actors.run();
  CHECK(load.scanned == NrPages{});
}

TEST_CASE("a woken kswapd works until its node is balanced") {
  RunRig rig(small_scenario());
  PlainOwner owner;
  const OwnerId id = rig.machine.memory.folios().register_owner(owner);
  KernelDaemons daemons(rig.stage, rig.machine, rig.workloads);
  rig.machine.pressure.connect(daemons, rig.workloads);
  rig.actors.spawn("filler", 0, [&] { fill_memory(rig, id); });
  rig.stop_at(2s);
  rig.actors.run();
  CHECK(rig.machine.memory.vmstat().get(VmEvent::pgsteal_kswapd) > 0);
  CHECK(rig.ledger.times()[CpuUser::kswapd] > 0ns);
}

TEST_CASE("daemons told to sleep do not work, whoever wakes them") {
  RunRig rig(small_scenario());
  PlainOwner owner;
  const OwnerId id = rig.machine.memory.folios().register_owner(owner);
  FakeWorkload& load = run_fake(rig.workloads, "load", [](CpuId, Ns, Ns) {});
  KernelDaemons daemons(rig.stage, rig.machine, rig.workloads, false);
  rig.machine.pressure.connect(daemons, rig.workloads);
  rig.actors.spawn("filler", 0, [&] { fill_memory(rig, id); });
  rig.stop_at(30s);
  rig.actors.run();
  CHECK(rig.ledger.times()[CpuUser::kswapd] == 0ns);
  CHECK(load.scanned == NrPages{});
}
