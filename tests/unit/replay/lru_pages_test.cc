// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/lru_pages.h"

#include <doctest/doctest.h>

#include "sim/mm/invariants.h"
#include "sim/recording/kernel_gfp.h"
#include "sim/replay/recorded_pages.h"
#include "toy_replay.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

constexpr auto kU = Migratetype::unmovable;
constexpr auto kM = Migratetype::movable;

/** Eight pageblocks in use, and calls upon them. */
struct Calls {
  explicit Calls(KernelVersion kernel) : world(toy_snapshot("MMMMMMMM"), kernel), lru(*world.memory) {}
  ~Calls() { check_memory(*world.memory); }

  void alloc(std::uint64_t offset, std::string_view gfp, Migratetype type = kM, unsigned cpu = 0, unsigned order = 0) {
    TraceEvent event = toy_event(EventKind::alloc, offset, order, type, cpu);
    event.gfp = *parse_kernel_gfp(gfp);
    RecordedPages::label(world.zone(), event.pfn, event.order, type, false);
    lru.note_alloc(world.zone(), event);
  }
  void alloc_users(std::uint64_t from, std::uint64_t until, unsigned cpu = 0) {
    for (std::uint64_t offset = from; offset < until; ++offset) {
      alloc(offset, "GFP_HIGHUSER_MOVABLE", kM, cpu);
    }
  }
  void free(std::uint64_t offset, unsigned cpu = 0) {
    const TraceEvent event = toy_event(EventKind::free, offset, 0, kM, cpu);
    lru.note_free(world.zone(), event);
    RecordedPages::label(world.zone(), event.pfn, event.order, kM, false);
  }
  unsigned on_lists() {
    unsigned pages = 0;
    for (std::uint64_t block = 0; block < 8; ++block) {
      pages += world.zone().pageblock(toy_page(block * 8)).migratable;
    }
    return pages;
  }

  ToyReplayWorld world;
  LruPages lru;
};

}  // namespace

TEST_CASE("pages reach their LRU list when their CPU's batch is full: 15 on 6.1, 31 on 6.12") {
  Calls old(KernelVersion::v6_1);
  old.alloc_users(0, 14);
  CHECK(old.on_lists() == 0);
  old.alloc_users(14, 16);
  CHECK(old.on_lists() == 15);
  Calls present(KernelVersion::v6_12);
  present.alloc_users(0, 30);
  CHECK(present.on_lists() == 0);
  present.alloc_users(30, 31);
  CHECK(present.on_lists() == 31);
}

TEST_CASE("a large folio takes its CPU's batch along, and no other's") {
  Calls calls(KernelVersion::v6_12);
  calls.alloc_users(0, 2, 0);
  calls.alloc_users(2, 5, 1);
  calls.alloc(8, "GFP_TRANSHUGE_LIGHT", kM, 1, 3);
  CHECK(calls.on_lists() == 3 + 8);
}

TEST_CASE("whoever frees a page table has unmapped, and emptied its CPU's batch") {
  Calls calls(KernelVersion::v6_12);
  calls.alloc_users(0, 2);
  calls.alloc(8, "GFP_KERNEL_ACCOUNT|__GFP_ZERO", kU);
  calls.alloc(9, "GFP_KERNEL", kU);
  calls.free(9);
  CHECK(calls.on_lists() == 0);
  calls.free(8);
  CHECK(calls.on_lists() == 2);
}

TEST_CASE("what a driver can move waits in no batch") {
  Calls calls(KernelVersion::v6_12);
  calls.alloc_users(0, 2);
  calls.alloc(2, "GFP_NOIO|__GFP_HIGHMEM|__GFP_MOVABLE");
  CHECK(calls.on_lists() == 1);
}

TEST_CASE("unmovable page cache comes onto an LRU list, other unmovable pages never do") {
  Calls calls(KernelVersion::v6_1);
  for (std::uint64_t offset = 0; offset < 15; ++offset) {
    calls.alloc(offset, "GFP_NOFS|__GFP_NOFAIL|__GFP_HARDWALL|__GFP_COMP", kU);
    calls.alloc(16 + offset, "GFP_KERNEL", kU);
  }
  CHECK(calls.on_lists() == 15);
}

TEST_CASE("a page cannot be freed while it waits: its batch was emptied before") {
  Calls calls(KernelVersion::v6_12);
  calls.alloc_users(0, 3, 0);
  calls.alloc_users(3, 5, 1);
  calls.free(1, 1);
  CHECK(calls.on_lists() == 2);  // pages 0 and 2
}

TEST_CASE("a CPU that frees a page from an LRU list has emptied its batch before") {
  Calls calls(KernelVersion::v6_12);
  calls.alloc(8, "GFP_TRANSHUGE_LIGHT", kM, 0, 3);
  calls.alloc_users(0, 2, 0);
  calls.alloc_users(2, 5, 1);
  calls.free(8, 1);
  CHECK(calls.on_lists() == 7 + 3);
}

TEST_CASE("a page that is given out again unseen waits in its new batch alone") {
  Calls calls(KernelVersion::v6_12);
  calls.alloc_users(0, 1, 0);
  calls.alloc(0, "GFP_KERNEL", kU, 1);
  calls.alloc_users(1, 31, 0);
  CHECK(calls.on_lists() == 0);
}
