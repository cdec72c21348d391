// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/page_cache.h"

#include <doctest/doctest.h>

#include <map>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

std::map<unsigned, unsigned> folios_by_order(const Rig& rig, const PageCache& cache, FileId file) {
  std::map<unsigned, unsigned> orders;
  PageSlot last;
  for (std::uint32_t index = 0; index < cache.pages_of(file); ++index) {
    const PageSlot slot = cache.slot(file, index);
    if (slot.is_folio() && slot != last) {
      ++orders[rig.memory.folios()[slot.folio()].order.value];
    }
    last = slot;
  }
  return orders;
}

}  // namespace

TEST_CASE("readahead ramps its folio order from window to window") {
  Rig rig;
  PageCache cache("data", rig.host, PageCacheRules{});
  const FileId file = cache.create(256);
  cache.read(file, FileRange{0, 256}, CpuId{});
  CHECK(cache.resident(file) == 256);
  const auto orders = folios_by_order(rig, cache, file);
  CHECK(orders.at(0) == 32);  // the first window
  CHECK(orders.at(2) == 8);
  CHECK(orders.at(4) == 2);
  CHECK(orders.at(5) == 5);
  check_memory(rig.memory);
}

TEST_CASE("max_order 0 keeps the page cache in base pages") {
  Rig rig;
  PageCache cache("data", rig.host, PageCacheRules{Order{0}, 32});
  const FileId file = cache.create(100);
  cache.read(file, FileRange{0, 100}, CpuId{});
  CHECK(folios_by_order(rig, cache, file) == std::map<unsigned, unsigned>{{0, 100}});
}

TEST_CASE("a refused large folio becomes base pages") {
  Rig rig;
  rig.fragment(4000);
  PageCache cache("data", rig.host, PageCacheRules{});
  const FileId file = cache.create(256);
  cache.read(file, FileRange{0, 256}, CpuId{});
  const auto orders = folios_by_order(rig, cache, file);
  CHECK(orders.size() == 1);
  CHECK(orders.at(0) >= 200);  // the refused attempts reclaim some of it
}

TEST_CASE("removing a file frees all its pages at once") {
  Rig rig;
  PageCache cache("data", rig.host, PageCacheRules{});
  const std::uint64_t before = rig.allocated();
  const FileId file = cache.create(1000);
  cache.write(file, FileRange{0, 1000}, CpuId{});
  CHECK(rig.reclaim.writeback().dirty().value == 1000);
  cache.remove(file, CpuId{});
  CHECK(rig.allocated() == before);
  CHECK(cache.resident() == NrPages{});
  CHECK(rig.reclaim.writeback().dirty().value == 0);
  check_memory(rig.memory);
}

TEST_CASE("evicted folios leave shadows, and reading them again is a refault") {
  Rig rig;
  PageCache cache("data", rig.host, PageCacheRules{});
  const FileId first = cache.create(8192);
  const FileId second = cache.create(16384);
  cache.read(first, FileRange{0, 8192}, CpuId{});
  cache.read(second, FileRange{0, 16384}, CpuId{});
  CHECK(cache.resident(first) + cache.resident(second) < 8192 + 16384);
  CHECK(cache.resident().value == cache.resident(first) + cache.resident(second));
  CHECK(cache.slot(first, 0).is_shadow());
  const std::uint64_t before = rig.vm(VmEvent::workingset_refault_file);
  cache.read(first, FileRange{0, 16}, CpuId{});
  CHECK(cache.slot(first, 0).is_folio());
  CHECK(rig.vm(VmEvent::workingset_refault_file) > before);
  check_memory(rig.memory);
}

TEST_CASE("syncing a file hands its dirty folios to the disk") {
  Rig rig;
  PageCache cache("data", rig.host, PageCacheRules{});
  const FileId file = cache.create(64);
  cache.write(file, FileRange{0, 64}, CpuId{});
  CHECK(cache.sync(file).value == 64);
  CHECK(rig.reclaim.writeback().dirty().value == 0);
  CHECK(rig.reclaim.writeback().under_writeback().value == 64);
  CHECK(cache.sync(file).value == 0);
}

TEST_CASE("a split page cache folio is found page by page") {
  Rig rig;
  PageCache cache("data", rig.host, PageCacheRules{});
  const FileId file = cache.create(32);
  cache.write(file, FileRange{0, 32}, CpuId{});
  rig.reclaim.split_folio(cache.slot(file, 0).folio());
  CHECK(cache.slot(file, 0) != cache.slot(file, 1));
  cache.remove(file, CpuId{});
  CHECK(cache.resident() == NrPages{});
  check_memory(rig.memory);
}
