// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/params.h"

#include <doctest/doctest.h>

#include <array>
#include <limits>

#include "sim/base/check.h"

using namespace gbsim;

namespace {

constexpr std::array kItems{ParamSpec{"size", ParamType::size, "64", "bytes"}};
constexpr std::array kSpecs{
    ParamSpec{"count", ParamType::integer, "3", "things", "", 1, 10},
    ParamSpec{"factor", ParamType::real, "1.5", "times"},
    ParamSpec{"memory", ParamType::size, "4KiB", "bytes", "", 4096, 1048576},
    ParamSpec{"pause", ParamType::time, "10ms", "between", "", 0, 1e9},
    ParamSpec{"rate", ParamType::rate, "2k/s", "events", "", 0, 1e6},
    ParamSpec{"share", ParamType::share, "20%", "of all", "", 0, 1},
    ParamSpec{"on", ParamType::flag, "true", "or off"},
    ParamSpec{"mode", ParamType::choice, "calm", "how", "", 0, 0, "calm|bursty"},
    ParamSpec{"note", ParamType::text, "hello", "free"},
    ParamSpec{"life", ParamType::law, "exponential 1s", "of things"},
    ParamSpec{"parts", ParamType::list, "", "elements", "", 0, 0, {}, kItems},
};

}  // namespace

TEST_CASE("parameters start with their defaults, typed") {
  const Params params(kSpecs);
  CHECK(params.integer("count") == 3);
  CHECK(params.real("factor") == 1.5);
  CHECK(params.bytes("memory") == 4096);
  CHECK(params.time("pause") == Ns{10'000'000});
  CHECK(params.real("rate") == 2000.0);
  CHECK(params.real("share") == 0.2);
  CHECK(params.flag("on"));
  CHECK(params.text("mode") == "calm");
  CHECK(params.text("note") == "hello");
  CHECK(params.law("life").kind == Law::Kind::exponential);
  CHECK(params.list("parts").empty());
  CHECK(params.is_default("count"));
  CHECK(params.is_default("parts"));
}

TEST_CASE("a set value replaces the default and keeps its spelling") {
  Params params(kSpecs);
  CHECK_FALSE(params.set("memory", "8KiB").has_value());
  CHECK(params.bytes("memory") == 8192);
  CHECK(params.text("memory") == "8KiB");
  CHECK_FALSE(params.is_default("memory"));
  CHECK_FALSE(params.set("memory", "4KiB").has_value());
  CHECK(params.is_default("memory"));
}

TEST_CASE("a refusal says what is wrong and what is allowed") {
  struct Refusal {
    const char* name;
    const char* text;
    const char* message;
  };
  const std::array refusals{
      Refusal{"count", "11", "count: 11 is out of range; 1 to 10 is allowed"},
      Refusal{"count", "1.5", "count: '1.5' is not a whole number"},
      Refusal{"count", "010", "count: '010' is not a whole number"},
      Refusal{"count", "99999999999999999999", "count: 99999999999999999999 is out of range; 1 to 10 is allowed"},
      Refusal{"count", "-99999999999999999999", "count: -99999999999999999999 is out of range; 1 to 10 is allowed"},
      Refusal{"count", "-010", "count: '-010' is not a whole number"},
      Refusal{"factor", "1e400", "factor: 1e400 is out of range; at most 1e+18 is allowed"},
      Refusal{"factor", "2e18", "factor: 2e18 is out of range; at most 1e+18 is allowed"},
      Refusal{"memory", "99999999TiB", "memory: 99999999TiB is out of range; 4KiB to 1MiB is allowed"},
      Refusal{"pause", "999999999h5s", "pause: 999999999h5s is out of range; 0s to 1s is allowed"},
      Refusal{"factor", "-1", "factor: -1 is out of range; at least 0 is allowed"},
      Refusal{"memory", "1KiB", "memory: 1KiB is out of range; 4KiB to 1MiB is allowed"},
      Refusal{"memory", "much", "memory: 'much' is not a size such as 4KiB or 2GiB"},
      Refusal{"pause", "2s", "pause: 2s is out of range; 0s to 1s is allowed"},
      Refusal{"pause", "10", "pause: '10' is not a time such as 10us or 2h30m"},
      Refusal{"rate", "20", "rate: '20' is not a rate such as 20k/s or 300/min"},
      Refusal{"share", "120%", "share: 120% is out of range; 0% to 100% is allowed"},
      Refusal{"on", "maybe", "on: 'maybe' is not true or false"},
      Refusal{"mode", "wild", "mode: 'wild' is not one of calm, bursty"},
      Refusal{"mode", "", "mode: '' is not one of calm, bursty"},
      Refusal{"parts", "1", "parts: '1' is not a list"},
      Refusal{"absent", "1", "unknown key 'absent'"},
  };
  for (const Refusal& refusal : refusals) {
    Params params(kSpecs);
    CHECK(params.set(refusal.name, refusal.text) == refusal.message);
  }
}

TEST_CASE("a bound beyond all whole numbers allows each of them") {
  constexpr std::array kSeed{ParamSpec{"seed", ParamType::integer, "1", "of a stream", "", 0, 0x1p63}};
  Params params(kSeed);
  CHECK_FALSE(params.set("seed", "9223372036854775807").has_value());
  CHECK(params.integer("seed") == std::numeric_limits<std::int64_t>::max());
  CHECK(params.set("seed", "9223372036854775808") ==
        "seed: 9223372036854775808 is out of range; 0 to 9223372036854775807 is allowed");
}

TEST_CASE("a refused value leaves the old one") {
  Params params(kSpecs);
  CHECK(params.set("count", "99").has_value());
  CHECK(params.integer("count") == 3);
}

TEST_CASE("a list holds parameters of its own schema") {
  Params params(kSpecs);
  std::vector<Params> elements(2, Params(kItems));
  CHECK_FALSE(elements[1].set("size", "128").has_value());
  params.set_list("parts", elements);
  REQUIRE(params.list("parts").size() == 2);
  CHECK(params.list("parts")[0].bytes("size") == 64);
  CHECK(params.list("parts")[1].bytes("size") == 128);
  CHECK_FALSE(params.is_default("parts"));
  CHECK_THROWS_AS(params.set_list("count", {}), InvariantViolation);
}

TEST_CASE("asking for a parameter that does not exist is a bug") {
  CHECK_THROWS_AS(static_cast<void>(Params(kSpecs).integer("absent")), InvariantViolation);
}

TEST_CASE("a schema whose default does not parse is a bug") {
  static constexpr std::array kBad{ParamSpec{"x", ParamType::time, "soon", "never"}};
  CHECK_THROWS_WITH_AS(Params{kBad}, "bad default: x: 'soon' is not a time such as 10us or 2h30m", InvariantViolation);
}

TEST_CASE("the nearest name is one of which a part was given, else the fewest edits away, the first of equals") {
  constexpr std::array<std::string_view, 3> kKnown{"warmup", "duration", "seed"};
  CHECK(nearest_name("wramup", kKnown) == "warmup");
  CHECK(nearest_name("sed", kKnown) == "seed");
  CHECK(nearest_name("durations", kKnown) == "duration");
  CHECK(nearest_name("dura", kKnown) == "duration");
  CHECK(nearest_name("x", std::span<const std::string_view>{}).empty());
  constexpr std::array<std::string_view, 2> kEqual{"ab", "ac"};
  CHECK(nearest_name("ad", kEqual) == "ab");
}

TEST_CASE("no name is near that has other letters in more than a third of its places") {
  constexpr std::array<std::string_view, 4> kKnown{"costs.flush", "machine.cpus", "seed", "vm.swappiness"};
  CHECK(nearest_name("timeline", kKnown).empty());
  CHECK(nearest_name("", kKnown).empty());
  CHECK(nearest_name("need", kKnown) == "seed");
  CHECK(nearest_name("need2", kKnown).empty());
  CHECK(nearest_name("sede", kKnown) == "seed");  // letters exchanged are one error
  CHECK(nearest_name("cpus", kKnown) == "machine.cpus");
  CHECK(nearest_name("pus", kKnown).empty());
  CHECK(nearest_name("swapiness", kKnown) == "vm.swappiness");
}
