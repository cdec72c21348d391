// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/timing_wheel.h"

#include <doctest/doctest.h>

#include <map>
#include <utility>
#include <vector>

#include "sim/base/random.h"

using namespace gbsim;

namespace {

using Fired = std::vector<std::pair<std::int64_t, int>>;

Fired advance(TimingWheel<int>& wheel, std::int64_t until) {
  Fired fired;
  wheel.advance(Ns{until}, [&](Ns due, int event) { fired.emplace_back(due.count(), event); });
  return fired;
}

/** Wheel and multimap side by side: random schedules and advances; events of odd number schedule another. */
void compare_with_multimap(std::uint64_t seed, std::int64_t tick) {
  RandomStream stream(seed, "wheel");
  TimingWheel<int> wheel{Ns{tick}};
  std::multimap<std::int64_t, int> naive;
  std::int64_t now = 0;
  int next_event = 0;
  const auto draw_delay = [&](int event) { return (std::int64_t{event} * 2654435761 % 1000003) << (event % 24); };
  for (int round = 0; round < 300; ++round) {
    for (auto n = stream.below(20); n > 0; --n, ++next_event) {
      const std::int64_t due = now + draw_delay(next_event);
      wheel.schedule(Ns{due}, next_event);
      naive.emplace(due, next_event);
    }
    now += static_cast<std::int64_t>(stream.below(std::uint64_t{1} << stream.below(40)));
    Fired expected;
    int child = 1'000'000 + round * 1000;
    for (auto at = naive.begin(); at != naive.end() && at->first < now; at = naive.begin()) {
      expected.emplace_back(*at);
      const auto [due, event] = *at;
      naive.erase(at);
      if (event % 2 == 1 && event < 1'000'000) {
        naive.emplace(due + event % 7000, child++);
      }
    }
    Fired fired;
    child = 1'000'000 + round * 1000;
    wheel.advance(Ns{now}, [&](Ns due, int event) {
      fired.emplace_back(due.count(), event);
      if (event % 2 == 1 && event < 1'000'000) {
        wheel.schedule(due + Ns{event % 7000}, child++);
      }
    });
    REQUIRE(fired == expected);
    REQUIRE(wheel.size() == naive.size());
    REQUIRE(wheel.next_due() == (naive.empty() ? Ns::max() : Ns{naive.begin()->first}));
  }
}

}  // namespace

TEST_CASE("events fire in order of due time, ties in order of insertion") {
  TimingWheel<int> wheel{Ns{1024}};
  for (const int event : {1, 2, 3}) {
    wheel.schedule(Ns{5000}, event);
  }
  wheel.schedule(Ns{4999}, 4);
  wheel.schedule(Ns{3'600'000'000'000}, 5);
  CHECK(wheel.size() == 5);
  CHECK(wheel.next_due() == Ns{4999});
  CHECK(advance(wheel, 5001) == Fired{{4999, 4}, {5000, 1}, {5000, 2}, {5000, 3}});
  CHECK(wheel.next_due() == Ns{3'600'000'000'000});
  CHECK(advance(wheel, 3'600'000'000'001) == Fired{{3'600'000'000'000, 5}});
  CHECK(wheel.empty());
  CHECK(wheel.next_due() == Ns::max());
}

TEST_CASE("an event due exactly at the end of the advance waits for the next one") {
  TimingWheel<int> wheel;
  wheel.schedule(Ns{100}, 1);
  CHECK(advance(wheel, 100).empty());
  CHECK(advance(wheel, 101) == Fired{{100, 1}});
}

TEST_CASE("an event scheduled for the past fires at the next advance, with its own due time") {
  TimingWheel<int> wheel{Ns{1}};
  wheel.schedule(Ns{1000}, 1);
  advance(wheel, 2000);
  wheel.schedule(Ns{10}, 2);
  CHECK(wheel.next_due() == Ns{10});
  CHECK(advance(wheel, 2000) == Fired{{10, 2}});
}

TEST_CASE("an event that schedules within the running advance is served by it") {
  TimingWheel<int> wheel;
  wheel.schedule(Ns{0}, 0);
  wheel.schedule(Ns{25}, 100);
  Fired fired;
  wheel.advance(Ns{50}, [&](Ns due, int event) {
    fired.emplace_back(due.count(), event);
    if (event < 100) {
      wheel.schedule(due + Ns{10}, event + 1);
    }
  });
  CHECK(fired == Fired{{0, 0}, {10, 1}, {20, 2}, {25, 100}, {30, 3}, {40, 4}});
  CHECK(wheel.next_due() == Ns{50});
}

TEST_CASE("a cleared wheel is empty and usable") {
  TimingWheel<int> wheel;
  for (int i = 0; i < 1000; ++i) {
    wheel.schedule(Ns{i * 1'000'000}, i);
  }
  advance(wheel, 500'000'000);
  wheel.clear();
  CHECK(wheel.empty());
  CHECK(wheel.next_due() == Ns::max());
  wheel.schedule(Ns{600'000'000}, 7);
  CHECK(advance(wheel, 600'000'001) == Fired{{600'000'000, 7}});
}

TEST_CASE("a wheel agrees with a sorted multimap whatever its tick") {
  for (const std::int64_t tick : {std::int64_t{1}, std::int64_t{1000}, std::int64_t{1} << 17, std::int64_t{1} << 30}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      CAPTURE(seed);
      CAPTURE(tick);
      compare_with_multimap(seed, tick);
    }
  }
}

TEST_CASE("the whole range of times is usable") {
  TimingWheel<int> wheel{Ns{1}};
  wheel.schedule(Ns{std::numeric_limits<std::int64_t>::max() - 1}, 1);
  wheel.schedule(Ns{0}, 2);
  CHECK(advance(wheel, std::numeric_limits<std::int64_t>::max()) ==
        Fired{{0, 2}, {std::numeric_limits<std::int64_t>::max() - 1, 1}});
}
