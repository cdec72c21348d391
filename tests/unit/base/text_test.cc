// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/text.h"

#include <doctest/doctest.h>

#include <cstdint>

using namespace gbsim;

TEST_CASE("a whole number is all of its text") {
  CHECK(whole_number<unsigned>("42") == 42U);
  CHECK(whole_number<std::int64_t>("-42") == -42);
  CHECK(whole_number<std::uint64_t>("1f", 16) == 31U);
  for (const char* none : {"", " 42", "42 ", "4.2", "0x42", "+42", "x"}) {
    CAPTURE(none);
    CHECK_FALSE(whole_number<unsigned>(none));
  }
}

TEST_CASE("a number that its type cannot hold is none") {
  CHECK(whole_number<std::uint16_t>("65535") == 65535);
  CHECK_FALSE(whole_number<std::uint16_t>("65536"));
  CHECK_FALSE(whole_number<unsigned>("-1"));
}

TEST_CASE("a line is split at every separator") {
  CHECK(split_fields("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split_fields("", ',') == std::vector<std::string_view>{""});
}

TEST_CASE("only letters have capitals") { CHECK(lower_case("HighAtomic 4K") == "highatomic 4k"); }
