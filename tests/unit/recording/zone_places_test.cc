// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/zone_places.h"

#include <doctest/doctest.h>

#include "sim/recording/page_bytes.h"

using namespace gbsim;

namespace {

ZoneImage zone_at(Pfn start, std::uint64_t pages) {
  ZoneImage zone;
  zone.start = start;
  zone.spanned = NrPages{pages};
  return zone;
}

}  // namespace

TEST_CASE("zones may lie side by side or apart, but not on each other") {
  ZonePlaces places;
  CHECK(places.wrong_with(zone_at(Pfn{1}, 4095)).empty());
  CHECK(places.wrong_with(zone_at(Pfn{4096}, 4096)).empty());
  CHECK(places.wrong_with(zone_at(Pfn{1'000'000}, 4096)).empty());
  CHECK(places.wrong_with(zone_at(Pfn{1'004'095}, 10)) ==
        "a zone of 10 pages from page 1004095 on: those before it end at page 1004096");
}

TEST_CASE("a zone that no machine has room for is told") {
  CHECK(ZonePlaces().wrong_with(zone_at(kEndOfPages, 1)).find("no machine has") != std::string::npos);
  CHECK(ZonePlaces().wrong_with(zone_at(Pfn{1}, std::uint64_t{1} << 32)).find("no machine has") != std::string::npos);
}
