// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/kernel_snapshot.h"

#include <doctest/doctest.h>

#include "sim/recording/byte_source.h"

using namespace gbsim;

namespace {

/** Words of a zone of 16 pages from pfn 64, two orders, five types, two per-CPU lists, CPU 1, pageblocks of 2. */
std::vector<std::uint32_t> toy_words() {
  std::vector<std::uint32_t> words{0x50414e53, 0, 1, 64, 16, 16, 15, 3, 7000, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  words.insert(words.end(), {2, 5, 2, 1, 1});          // orders, types, per-CPU lists, CPUs, pageblock order
  words.insert(words.end(), {0, 1, 70, 0, 0, 0});      // order 0: one movable block
  words.insert(words.end(), {0, 0, 0, 0, 1, 72});      // order 1: one isolated block
  words.insert(words.end(), {1, 2, 31, 8, 2, 65, 66, 0});
  words.insert(words.end(), {8, 1, 1, 1, 1, 1, 1, 1 | 8, 4});            // movable with the skip bit, isolate
  words[1] = static_cast<std::uint32_t>(words.size());
  return words;
}

std::string bytes_of(const std::vector<std::uint32_t>& words) {
  return {reinterpret_cast<const char*>(words.data()), words.size() * sizeof(std::uint32_t)};
}

std::string error_of(const std::vector<std::uint32_t>& words) {
  try {
    parse_pgsnap(bytes_of(words), "pgsnap");
  } catch (const BadRecording& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a zone of a pgsnap has its lists in order and isolate where the kernel has no CMA") {
  const KernelSnapshot snapshot = parse_pgsnap(bytes_of(toy_words()), "pgsnap");
  REQUIRE(snapshot.zones.size() == 1);
  const ZoneImage& zone = snapshot.zones[0];
  CHECK(snapshot.time == Ns{7000});
  CHECK(zone.type == ZoneType::dma32);
  CHECK(zone.managed == NrPages{15});
  CHECK(zone.watermark[2] == 3);
  CHECK(zone.boost == 4);
  CHECK(zone.orders.max == Order{1});
  CHECK(zone.free[0][index(Migratetype::movable)] == std::vector{Pfn{70}});
  CHECK(zone.free[1][index(Migratetype::isolate)] == std::vector{Pfn{72}});
  REQUIRE(zone.pcps.size() == 2);
  CHECK(zone.pcps[1].high == 31);
  CHECK(zone.pcps[1].lists[0] == std::vector{Pfn{65}, Pfn{66}});
  REQUIRE(zone.pageblocks.size() == 8);
  CHECK(zone.pageblocks[6] == Migratetype::movable);
  CHECK(zone.pageblocks[7] == Migratetype::isolate);
}

TEST_CASE("a pgsnap that contradicts itself is refused with the offset") {
  auto words = toy_words();
  words[0] = 1;
  CHECK(error_of(words).find("no zone begins here") != std::string::npos);
  words = toy_words();
  words[1] += 1;
  CHECK(error_of(words).find("its head says") != std::string::npos);
  words = toy_words();
  words[26] = 999;  // the movable page
  CHECK(error_of(words).find("page 999 lies outside of its zone") != std::string::npos);
  words = toy_words();
  words.resize(30);
  CHECK(error_of(words).find("ends within a zone") != std::string::npos);
  CHECK(error_of({}).find("no zone") != std::string::npos);
}

TEST_CASE("pages on two lists, blocks out of place and bytes behind the last zone are refused") {
  auto words = toy_words();
  words[26] = 65;  // the movable page is on a per-CPU list too
  CHECK(error_of(words).find("page 65 or one behind it is twice") != std::string::npos);
  words = toy_words();
  words[35] = 73;  // the block of order 1
  CHECK(error_of(words).find("page 73 of the zone that ends here heads no block of order 1") != std::string::npos);
  words = toy_words();
  words[words.size() - 9] = 3;  // pageblocks
  CHECK(error_of(words).find("3 pageblocks in a zone of 16 pages") != std::string::npos);
  CHECK_THROWS_AS(parse_pgsnap(bytes_of(toy_words()) + "x", "pgsnap"), BadRecording);
  words = toy_words();
  words.insert(words.end(), words.begin(), words.end());
  CHECK(error_of(words).find("those before it end at page") != std::string::npos);
}

TEST_CASE("pageblocks without memory are unmovable, whatever their bits say") {
  auto words = toy_words();
  words.back() = 0xf;
  CHECK(parse_pgsnap(bytes_of(words), "pgsnap").zones[0].pageblocks[7] == Migratetype::unmovable);
}

TEST_CASE("page classes lose their compound bits and are unknown beyond the file") {
  KernelSnapshot snapshot;
  snapshot.classes = {0, 3 | 0x40, 4 | 0x80};
  CHECK(snapshot.page_class(Pfn{1}) == PageClass::thp);
  CHECK(snapshot.page_class(Pfn{2}) == PageClass::slab);
  CHECK(snapshot.page_class(Pfn{3}) == PageClass::no_page);
}
