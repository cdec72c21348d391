// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/sim_clock.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "sim/engine/actors.h"

using namespace gbsim;
using namespace std::chrono_literals;

TEST_CASE("actors due at the same instant go on in the order they asked") {
  Actors actors(3);
  SimClock& clock = actors.clock();
  std::string order;
  for (unsigned cpu = 0; cpu < 3; ++cpu) {
    actors.spawn("cpu", cpu, [&, cpu] {
      for (int round = 1; round <= 3; ++round) {
        clock.sleep_until(round * 10ms);
        order += static_cast<char>('0' + cpu);
      }
      if (cpu == 2) {
        clock.stop();
      }
    });
  }
  actors.run();
  CHECK(order == "012012012");
}

TEST_CASE("millisecond sleeps do not drift over 48 simulated hours") {
  Actors actors(1);
  SimClock& clock = actors.clock();
  bool exact = true;
  actors.spawn("cpu", 0, [&] {
    for (std::int64_t step = 1; step <= 48 * 3600; ++step) {
      clock.sleep_until(step * 1s + step * 1ns);
      exact = exact && clock.now() == step * 1s + step * 1ns;
    }
    clock.stop();
  });
  actors.run();
  CHECK(exact);
}

TEST_CASE("a sleeper without a due time goes on when it is woken, and only then") {
  Actors actors(2);
  SimClock& clock = actors.clock();
  Ns woken{0};
  simgrid::s4u::Actor* sleeper = actors.spawn("daemon", 0, [&] {
    clock.sleep();
    woken = clock.now();
  });
  actors.spawn("waker", 1, [&] {
    clock.sleep_until(7ms);
    clock.wake(sleeper);
    clock.sleep_until(9ms);
    clock.stop();
  });
  actors.run();
  CHECK(woken == 7ms);
}

TEST_CASE("a wake-up before the due time leaves no second one behind") {
  Actors actors(2);
  SimClock& clock = actors.clock();
  std::vector<Ns> seen;
  simgrid::s4u::Actor* sleeper = actors.spawn("daemon", 0, [&] {
    clock.sleep_until(10ms);
    seen.push_back(clock.now());
    clock.sleep_until(30ms);
    seen.push_back(clock.now());
    clock.stop();
  });
  actors.spawn("waker", 1, [&] {
    clock.sleep_until(4ms);
    clock.wake(sleeper);
  });
  actors.run();
  CHECK(seen == std::vector<Ns>{4ms, 30ms});
}

TEST_CASE("an exception in an actor stops the run and comes out of it") {
  Actors actors(2);
  SimClock& clock = actors.clock();
  actors.spawn("broken", 0, [&] {
    clock.sleep_until(1ms);
    throw std::runtime_error("broken invariant");
  });
  actors.spawn("waiting", 1, [&] { clock.sleep(); });
  CHECK_THROWS_WITH(actors.run(), "broken invariant");
}

TEST_CASE("waking somebody does not interrupt the waker's work") {
  Actors actors(2);
  SimClock& clock = actors.clock();
  std::string order;
  simgrid::s4u::Actor* sleeper = actors.spawn("daemon", 0, [&] {
    clock.sleep();
    order += 'd';
  });
  actors.spawn("waker", 1, [&] {
    clock.sleep_until(1ms);
    order += '1';
    clock.wake(sleeper);
    order += '2';
    clock.sleep_until(2ms);
    order += '3';
    clock.stop();
    order += '4';
  });
  actors.run();
  CHECK(order == "12d34");
}

TEST_CASE("wake-ups at odd instants never find SimGrid's clock ahead of them") {
  Actors actors(2);
  SimClock& clock = actors.clock();
  std::uint64_t woken = 0;
  simgrid::s4u::Actor* sleeper = actors.spawn("daemon", 0, [&] {
    while (!clock.stopping()) {
      clock.sleep();
      ++woken;
    }
  });
  actors.spawn("waker", 1, [&] {
    for (std::int64_t step = 1; step <= 10'000; ++step) {
      clock.sleep_until(Ns{step * 333'333'337});
      clock.wake(sleeper);
    }
    clock.sleep_until(clock.now() + 1s);
    clock.stop();
  });
  actors.run();
  CHECK(woken == 10'001);
}
