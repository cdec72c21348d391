// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/huge_1g.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <utility>

#include "sim/workload/models.h"
#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

using Setting = std::pair<const char*, const char*>;

Params with(std::initializer_list<Setting> settings) {
  Params params(huge_1g_model().params);
  for (const auto& [key, value] : settings) {
    CAPTURE(key);
    REQUIRE_FALSE(params.set(key, value));
  }
  return params;
}

// A rig of three gigablocks; its zone begins on one.
constexpr std::uint64_t kThreeGib = 3072;

}  // namespace

TEST_CASE("programs get whole pages and give them back at their end") {
  Rig rig(kThreeGib);
  const std::uint64_t before = rig.allocated();
  Huge1gModel model("vms", with({{"programs.initial", "1"}, {"pages", "fixed 2"}, {"programs.life", "fixed 100ms"},
                                 {"programs.rate", "0/s"}}), 1, rig.host);
  model.start();
  CHECK(model.whole_pages() == 2);
  CHECK(model.largest_process() == NrPages{2 << 18});
  CHECK(rig.allocated() - before == 2 << 18);
  check_memory(rig.memory);
  rig.run(model, std::chrono::milliseconds{200});
  CHECK(model.whole_pages() == 0);
  CHECK(rig.allocated() == before);
  CHECK(rig.contig.stats().allocated == 2);
  CHECK(rig.contig.stats().freed == 2);
}

TEST_CASE("what a program does not get it asks for again, until it gives up") {
  Rig rig(kThreeGib);
  Huge1gModel model("vms", with({{"programs.initial", "1"}, {"pages", "fixed 5"}, {"programs.life", "fixed 1s"},
                                 {"programs.rate", "0/s"}, {"retries", "2"}, {"retry.interval", "100ms"}}), 1,
                    rig.host);
  model.start();
  CHECK(model.whole_pages() == 3);
  rig.run(model, std::chrono::milliseconds{500});
  CHECK(rig.contig.stats().requested == 3 + 1 + 2);
  CHECK(model.given_up() == 0);
  model.stop();
  CHECK(model.given_up() == 2);
  CHECK(rig.contig.stats().freed == 3);
}

TEST_CASE("a split THP is ordinary movable memory, and part of it is free at once") {
  Rig rig(kThreeGib);
  const std::uint64_t before = rig.allocated();
  Huge1gModel model("jvms", with({{"programs.initial", "1"}, {"pages", "fixed 1"}, {"programs.life", "fixed 200ms"},
                                  {"programs.rate", "0/s"}, {"thp.share", "100%"}, {"thp.split", "100%"},
                                  {"thp.unmapped", "25%"}}), 1, rig.host);
  model.start();
  CHECK(model.whole_pages() == 1);
  rig.run(model, std::chrono::milliseconds{190});
  CHECK(model.whole_pages() == 0);
  CHECK(rig.contig.stats().split == 1);
  CHECK(model.largest_process() == NrPages{3 << 16});
  check_memory(rig.memory);
  const Pfn first = rig.memory.zone(0).gigablock_start(GigablockId{0});
  CHECK(rig.memory.zone(0).pageblock(first).pinned == 0);
  rig.run(model, std::chrono::milliseconds{50});
  CHECK(rig.allocated() == before);
  CHECK(rig.contig.stats().freed == 0);
  check_memory(rig.memory);
}

TEST_CASE("the remains of a split page are moved to make another") {
  Rig rig(kThreeGib);
  Huge1gModel model("jvms", with({{"programs.initial", "1"}, {"pages", "fixed 3"}, {"programs.life", "fixed 10s"},
                                  {"programs.rate", "0/s"}, {"thp.share", "100%"}, {"thp.split", "100%"},
                                  {"thp.unmapped", "60%"}}), 1, rig.host);
  model.start();
  rig.run(model, std::chrono::milliseconds{10'000});
  model.stop();
  CHECK(rig.contig.stats().split == 3);
  Huge1gModel again("more", with({{"programs.initial", "1"}, {"pages", "fixed 2"}, {"programs.rate", "0/s"},
                                  {"programs.life", "fixed 10s"}, {"thp.share", "100%"}, {"thp.split", "100%"},
                                  {"thp.unmapped", "60%"}}), 1, rig.host);
  again.start();
  rig.run(again, std::chrono::milliseconds{9'990});
  CHECK(rig.contig.obtain(NodeId{}, CpuId{}));
  check_memory(rig.memory);
  again.stop();
  check_memory(rig.memory);
}

TEST_CASE("the OOM killer may take the largest program") {
  Rig rig(kThreeGib);
  Huge1gModel model("vms", with({{"programs.initial", "2"}, {"pages", "fixed 1"}, {"programs.rate", "0/s"}}), 1,
                    rig.host);
  model.start();
  model.kill_largest_process();
  CHECK(model.whole_pages() == 1);
  model.kill_largest_process();
  CHECK(model.largest_process() == NrPages{});
  model.kill_largest_process();
}
