// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/skb.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <utility>

#include "sim/workload/models.h"
#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

using Setting = std::pair<const char*, const char*>;

/** A server small enough for the rig. */
Params small_server(std::initializer_list<Setting> settings = {}) {
  Params params(networking_skbs_model().params);
  params.set("send.rate", "2k/s");
  params.set("receive.rate", "1k/s");
  params.set("ring.entries", "64");
  params.set("ring.pool", "32");
  params.set("slow.sockets", "4");
  params.set("slow.buffer", "fixed 512KiB");
  params.set("slow.read_every", "uniform 100ms 1s");
  params.set("memory.pressure", "30%");
  for (const auto& [key, value] : settings) {
    CAPTURE(key);
    REQUIRE_FALSE(params.set(key, value));
  }
  return params;
}

}  // namespace

TEST_CASE("traffic flows in orders 0 to 3 and everything is given back") {
  Rig rig(128);
  const std::uint64_t before = rig.allocated();
  SkbModel model("net", small_server(), 1, rig.host);
  model.start();
  CHECK(model.pages() == NrPages{2 * 64 * 2});
  rig.run(model, std::chrono::seconds{3});
  const AllocStats& stats = rig.allocator.stats();
  CHECK(stats.attempts(Order{1}) > 1000);
  CHECK(stats.attempts(Order{2}) > 100);
  CHECK(stats.attempts(Order{3}) > 2000);
  CHECK(model.pages() > NrPages{500});
  check_memory(rig.memory);
  model.stop();
  CHECK(model.pages() == NrPages{0});
  CHECK(rig.allocated() == before);
  check_memory(rig.memory);
}

TEST_CASE("a model that was stopped can start again") {
  Rig rig(128);
  SkbModel model("net", small_server(), 1, rig.host);
  for (int round = 0; round < 2; ++round) {
    model.start();
    rig.run(model, std::chrono::seconds{1});
    CHECK(model.pages() > NrPages{300});
    model.stop();
    CHECK(model.pages() == NrPages{0});
  }
}

TEST_CASE("refused chunks are replaced by single pages") {
  Rig rig;
  rig.fragment(6000);
  SkbModel model("net", small_server({{"receive.rate", "0/s"}, {"ring.entries", "0"}, {"slow.share", "0%"}}), 1,
                 rig.host);
  model.start();
  rig.run(model, std::chrono::milliseconds{200});
  CHECK(rig.allocator.stats().failures(Order{3}) > 100);
  CHECK(model.pages() > NrPages{0});
  model.stop();
}

TEST_CASE("packets are dropped, not waited for, when receive buffers are refused") {
  Rig rig;
  SkbModel model("net", small_server({{"send.rate", "0/s"}, {"connections.rate", "0/s"}}), 1, rig.host);
  model.start();
  rig.fragment(0);
  rig.run(model, std::chrono::milliseconds{200});
  CHECK(model.dropped() > 20);
  CHECK(model.pages() <= NrPages{2 * 64 * 2});
  model.stop();
}

TEST_CASE("slow readers hold memory up to their buffers, and no longer than until they read") {
  const auto held = [](const char* read_every) {
    Rig rig(256);
    SkbModel model("net",
                   small_server({{"send.rate", "0/s"}, {"receive.rate", "4k/s"}, {"slow.share", "100%"},
                                 {"slow.buffer", "fixed 2MiB"}, {"slow.read_every", read_every}}),
                   1, rig.host);
    model.start();
    rig.run(model, std::chrono::seconds{2});
    const NrPages pages = model.pages() - NrPages{2 * 64 * 2};
    model.stop();
    return pages;
  };
  CHECK(held("fixed 1h").value == doctest::Approx(4 * 512).epsilon(0.1));
  CHECK(held("fixed 1ms") < NrPages{300});
}

TEST_CASE("beyond the memory limit nobody gets more") {
  Rig rig(256);
  SkbModel model("net",
                 small_server({{"slow.share", "0%"}, {"hold.fast", "fixed 1h"}, {"memory.pressure", "2%"}}), 1,
                 rig.host);
  model.start();
  rig.run(model, std::chrono::seconds{3});
  CHECK(model.pages().value == doctest::Approx(static_cast<double>(rig.memory.managed().value) * 0.04).epsilon(0.05));
  CHECK(model.dropped() > 100);
  model.stop();
}

TEST_CASE("connections hold a socket, its inode, a file and a dentry") {
  Rig rig;
  SkbModel model("net",
                 small_server({{"send.rate", "0/s"}, {"receive.rate", "0/s"}, {"connections.rate", "1k/s"},
                               {"connections.life", "fixed 500ms"}, {"burst.share", "0%"}}),
                 1, rig.host);
  rig.run(model, std::chrono::seconds{2});
  for (const SlabCache* cache : {&rig.slabs.get({"TCP", 2304}), &rig.slabs.get({"sock_inode_cache", 832}),
                                 &rig.slabs.get({"filp", 256}), &rig.slabs.get({"dentry", 192})}) {
    CAPTURE(cache->spec().name);
    CHECK(cache->objects() == doctest::Approx(500).epsilon(0.2));
  }
  model.stop();
}

TEST_CASE("the same seed makes the same traffic") {
  const auto result = [](std::uint64_t seed) {
    Rig rig(128, {}, seed);
    SkbModel model("net", small_server(), 1, rig.host);
    model.start();
    rig.run(model, std::chrono::seconds{1});
    return std::pair{model.pages(), rig.vm(VmEvent::pgfree)};
  };
  CHECK(result(1) == result(1));
  CHECK(result(1) != result(2));
}

TEST_CASE("caches of the network stack have the sizes of slabinfo") {
  const auto specs = skb_cache_specs();
  CHECK(specs[static_cast<std::size_t>(SkbCache::fclone)].name == "skbuff_fclone_cache");
  CHECK(specs[static_cast<std::size_t>(SkbCache::data_8k)].object_size == 8192);
  CHECK(specs[static_cast<std::size_t>(SkbCache::dentry)].reclaimable);
}
