// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/gigantic_pages.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::freed;
using test::isolate;
using test::isolate_gib;
using test::ms;

namespace {

constexpr std::uint64_t kGib = 1 << 18;

}  // namespace

TEST_CASE("a GiB isolated pageblock by pageblock is a page from its last one until it is freed whole") {
  GiganticPages pages;
  isolate_gib(ms(4), 1, [&](const TraceEvent& event) { pages.note_isolation(event); });
  REQUIRE(pages.held().size() == 1);
  CHECK(pages.release(freed(ms(9), kGib, 18)));
  CHECK(pages.finish(ms(0)) == std::vector{GiganticLife{Pfn{kGib}, ms(4), ms(9), 0}});
}

TEST_CASE("one that is freed page by page ends with the last, and outlives the recording before that") {
  GiganticPages pages;
  isolate_gib(ms(4), 1, [&](const TraceEvent& event) { pages.note_isolation(event); });
  for (std::uint64_t page = 0; page + 1 < kGib; ++page) {
    pages.release(freed(ms(5), kGib + page));
  }
  CHECK(pages.held().size() == 1);
  SUBCASE("all are freed") {
    CHECK(pages.release(freed(ms(6), 2 * kGib - 1)));
    CHECK(pages.finish(ms(0)).front().died == ms(6));
  }
  SUBCASE("the recording ends") { CHECK(pages.finish(ms(0)).front().died == Ns::max()); }
}

TEST_CASE("part of a GiB, one with a gap, one that is not aligned, is no page") {
  GiganticPages pages;
  const auto note = [&](const TraceEvent& event) { pages.note_isolation(event); };
  SUBCASE("a pageblock is missing") {
    for (std::uint64_t block = 0; block < 512; ++block) {
      if (block != 200) {
        note(isolate(ms(1), kGib + block * 512, 512));
      }
    }
  }
  SUBCASE("half a GiB further") {
    for (std::uint64_t block = 0; block < 512; ++block) {
      note(isolate(ms(1), kGib / 2 + block * 512, 512));
    }
  }
  SUBCASE("compaction took part of a pageblock") {
    for (std::uint64_t block = 0; block < 512; ++block) {
      note(isolate(ms(1), kGib + block * 512, block == 9 ? 3 : 512));
    }
  }
  CHECK(pages.held().empty());
}

TEST_CASE("two CPUs that isolate at once do not disturb each other") {
  GiganticPages pages;
  isolate_gib(ms(1), 1, [&](const TraceEvent& event) {
    pages.note_isolation(event);
    TraceEvent other = isolate(ms(1), 7 * 512, 3);
    other.cpu = 1;
    pages.note_isolation(other);
  });
  CHECK(pages.held().size() == 1);
}

TEST_CASE("a page first heard of when it is freed was there before the recording") {
  GiganticPages pages;
  CHECK(pages.release(freed(ms(3), 2 * kGib, 18)));
  CHECK_FALSE(pages.release(freed(ms(3), 5)));
  CHECK(pages.finish(ms(1)) == std::vector{GiganticLife{Pfn{2 * kGib}, ms(1), ms(3), 0}});
}

TEST_CASE("what is allocated inside of a page ends it") {
  GiganticPages pages;
  isolate_gib(ms(1), 1, [&](const TraceEvent& event) { pages.note_isolation(event); });
  pages.give_way(Pfn{kGib + 77}, ms(8));
  CHECK(pages.held().empty());
  CHECK(pages.finish(ms(0)).front().died == ms(8));
}
