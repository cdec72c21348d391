// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/vmstat.h"

#include <doctest/doctest.h>

#include <set>

using namespace gbsim;

TEST_CASE("counters print under the kernel's names in its order") {
  CHECK(kVmEventNames.front() == "nr_free_pages");
  CHECK(name(VmEvent::pgalloc_normal) == "pgalloc_normal");
  CHECK(VmEvent::pswpout < VmEvent::pgalloc_dma);
  CHECK(VmEvent::allocstall_movable < VmEvent::pgfree);
  CHECK(VmEvent::compact_stall < VmEvent::thp_fault_alloc);
  CHECK(std::set<std::string_view>(kVmEventNames.begin(), kVmEventNames.end()).size() == kNrVmEvents);
}

TEST_CASE("families by zone are consecutive") {
  CHECK(for_zone(VmEvent::pgalloc_dma, 2) == VmEvent::pgalloc_normal);
  CHECK(for_zone(VmEvent::allocstall_dma, 3) == VmEvent::allocstall_movable);
}

TEST_CASE("states go down as well as up") {
  Vmstat vmstat;
  vmstat.add(VmEvent::nr_dirty, 5);
  vmstat.sub(VmEvent::nr_dirty, 2);
  CHECK(vmstat.get(VmEvent::nr_dirty) == 3);
  CHECK(vmstat.values()[static_cast<std::size_t>(VmEvent::nr_dirty)] == 3);
}
