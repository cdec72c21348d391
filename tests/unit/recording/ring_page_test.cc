// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/ring_page.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using namespace gbsim;

namespace {

/** A page of 64 bytes with @words of events, little-endian, longs of 8 bytes. */
std::string page_of(const std::vector<std::uint32_t>& words, std::uint64_t flags = 0) {
  std::string page(8, 't');
  const auto add = [&](std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i) {
      page += static_cast<char>(value >> (8 * i) & 0xff);
    }
  };
  add(words.size() * 4 | flags, 8);
  for (const std::uint32_t word : words) {
    add(word, 4);
  }
  page.resize(64, '\0');
  return page;
}

std::string damage(const std::vector<std::uint32_t>& words) { return damage_in_page(page_of(words), {}); }

constexpr std::uint32_t kTime = 5U << 5U;  // since the event before

}  // namespace

TEST_CASE("events of every kind that lie within their page are sound") {
  CHECK(damage({}).empty());
  CHECK(damage({kTime | 2, 1, 2}).empty());
  CHECK(damage({kTime, 8, 1, kTime | 1, 7}).empty());                  // a length of its own
  CHECK(damage({kTime | 30, 1, kTime | 31, 2, kTime | 1, 7}).empty());  // times
  CHECK(damage({kTime | 1, 7, kTime | 29, 8, 0}).empty());              // padding
  CHECK(damage({kTime | 1, 7, 29, 999}).empty());                       // and nothing behind it
  CHECK(damage_in_page(page_of({kTime | 1, 7}, std::uint64_t{1} << 31U), {}).empty());  // events were lost before
}

TEST_CASE("events that leave their page, and pages that hold more than they can, are damaged") {
  CHECK(damage({kTime | 3, 1, 2}).find("event at byte 16") != std::string::npos);
  CHECK(damage({kTime | 1, 7, kTime, 400}).find("event at byte 24") != std::string::npos);
  CHECK(damage({kTime}).find("event at byte 16") != std::string::npos);
  CHECK(damage({kTime | 1, 7, kTime | 30}).find("event at byte 24") != std::string::npos);
  CHECK(damage({kTime | 29, 0xfffffff0U, 1}).find("event at byte 16") != std::string::npos);
  CHECK(damage_in_page(page_of({}, 49), {}).find("more events than it has room for") != std::string::npos);
  CHECK_FALSE(damage_in_page("short", {}).empty());
}

TEST_CASE("a machine of the other byte order has its bits at the other end") {
  std::string page(12, '\0');
  page[11] = 8;
  page += std::string("\x08\0\0\x05\0\0\0\x07", 8);
  page.resize(64, '\0');
  CHECK(damage_in_page(page, {4, true}).empty());
  page[12] = '\x10';
  CHECK_FALSE(damage_in_page(page, {4, true}).empty());
}
