// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/units.h"

#include <doctest/doctest.h>

#include <limits>

#include "sim/base/random.h"

using namespace gbsim;

TEST_CASE("sizes carry binary units or none") {
  CHECK(parse_size("4KiB") == 4096);
  CHECK(parse_size("2MiB") == 2097152);
  CHECK(parse_size("256GiB") == 274877906944);
  CHECK(parse_size("16TiB") == 17592186044416);
  CHECK(parse_size("1.5GiB") == 1610612736);
  CHECK(parse_size("123") == 123);
  CHECK(parse_size("0") == 0);
  for (const auto* text : {"", "KiB", "4 KiB", "4KB", "4kib", "-4KiB", "010", "0x10", "1.3KiB", "1e3", "99999999PiB",
                           "4KiBs", "4.", ".5MiB", "18446744073709551616"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
}

TEST_CASE("times carry units, from large to small") {
  CHECK(parse_time("10us") == Ns{10'000});
  CHECK(parse_time("5s") == Ns{5'000'000'000});
  CHECK(parse_time("2h30m") == Ns{9'000'000'000'000});
  CHECK(parse_time("1.5us") == Ns{1'500});
  CHECK(parse_time("1d") == Ns{86'400'000'000'000});
  CHECK(parse_time("1m1.5s") == Ns{61'500'000'000});
  CHECK(parse_time("0") == Ns{0});
  for (const auto* text : {"", "5", "s", "-1s", "5 s", "30m2h", "1s1s", "0.5ns", "1sec", "01s", "1e3s",
                           "300000d", "5min"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text).has_value());
  }
}

TEST_CASE("rates are events per second") {
  CHECK(parse_rate("20k/s") == 20e3);
  CHECK(parse_rate("300/min") == 5.0);
  CHECK(parse_rate("1.5M/s") == 1.5e6);
  CHECK(parse_rate("2/ms") == 2000.0);
  CHECK(parse_rate("3600/h") == 1.0);
  CHECK(parse_rate("0") == 0.0);
  for (const auto* text : {"", "20", "20k", "k/s", "20 k/s", "20K/s", "-1/s", "1/", "1/year", "010/s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rate(text).has_value());
  }
}

TEST_CASE("shares are percent or fractions") {
  CHECK(parse_share("85%") == 0.85);
  CHECK(parse_share("0.85") == 0.85);
  CHECK(parse_share("1") == 1.0);
  CHECK(parse_share("0.5%") == 0.005);
  for (const auto* text : {"", "%", "-5%", "85 %", "085%", "85%%"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_share(text).has_value());
  }
}

TEST_CASE("numbers that YAML readers disagree on are refused") {
  CHECK(parse_integer("42") == 42);
  CHECK(parse_integer("-42") == -42);
  CHECK(parse_integer("0") == 0);
  CHECK(parse_real("0.5") == 0.5);
  CHECK(parse_real("-2e3") == -2000.0);
  for (const auto* text : {"010", "0x10", "0o17", "+5", "1_000", "", "-", "--1", "1.", "9223372036854775808"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_integer(text).has_value());
  }
  for (const auto* text : {"010", "0x10", "nan", "inf", ".5", "+5", "1e", "1e999", ""}) {
    CAPTURE(text);
    CHECK_FALSE(parse_real(text).has_value());
  }
}

TEST_CASE("flags are words or the kernel's 0 and 1") {
  for (const auto* text : {"true", "on", "yes", "1"}) {
    CHECK(parse_flag(text) == true);
  }
  for (const auto* text : {"false", "off", "no", "0"}) {
    CHECK(parse_flag(text) == false);
  }
  CHECK_FALSE(parse_flag("maybe").has_value());
  CHECK_FALSE(parse_flag("").has_value());
}

TEST_CASE("sizes are spelt in the largest unit that is exact") {
  CHECK(format_size(0) == "0");
  CHECK(format_size(4096) == "4KiB");
  CHECK(format_size(1610612736) == "1536MiB");
  CHECK(format_size(4097) == "4097");
}

TEST_CASE("times are spelt as people write them") {
  CHECK(format_time(Ns{0}) == "0s");
  CHECK(format_time(Ns{1'500}) == "1.5us");
  CHECK(format_time(Ns{9'000'000'000'000}) == "2h30m");
  CHECK(format_time(Ns{61'500'000'000}) == "1m1.5s");
  CHECK(format_time(Ns{93'600'000'000'000}) == "26h");
  CHECK(format_time(Ns{-1'500}) == "-1.5us");
}

TEST_CASE("every spelling reads back exactly") {
  RandomStream stream(1, "units");
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t drawn = (stream.next() >> 1) >> stream.below(63);
    CAPTURE(drawn);
    REQUIRE(parse_size(format_size(drawn)) == drawn);
    REQUIRE(parse_time(format_time(Ns{static_cast<std::int64_t>(drawn)})) == Ns{static_cast<std::int64_t>(drawn)});
  }
}
