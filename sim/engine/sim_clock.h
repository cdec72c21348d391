// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <simgrid/forward.h>

#include <cstdint>
#include <limits>
#include <queue>
#include <vector>

#include "sim/base/clock.h"
#include "sim/base/types.h"

namespace gbsim {

/**
 * The authoritative time, in integer nanoseconds, and the only thing that actors block on. Keeps its own heap of due
 * actors and arms one SimGrid timer for the earliest: same-instant wake-ups run in the order they were asked for.
 */
class SimClock {
 public:
  /** What the layers below the engine read. */
  const Clock& clock() const { return clock_; }
  Ns now() const { return clock_.now; }

  /** Blocks the calling actor until @due; at once if @due has passed. After stop() it never blocks. */
  void sleep_until(Ns due);
  /** Blocks the calling actor until somebody passes it to wake(). */
  void sleep();
  /** @actor goes on at this instant, once the caller blocks; nothing happens if it is not blocked here. */
  void wake(simgrid::s4u::Actor* actor);
  /** Every sleeper goes on now, and nobody sleeps again. */
  void stop();
  bool stopping() const { return stopping_; }

 private:
  struct Sleeper {
    Ns due;
    std::uint64_t sequence;
    simgrid::s4u::Actor* actor;
    std::size_t pid;    // outlives the actor
    std::uint64_t nap;  // which of the actor's naps: a wake() makes the heap entry stale

    bool operator<(const Sleeper& other) const {
      return due != other.due ? due > other.due : sequence > other.sequence;
    }
  };

  void arm();
  void fire(Ns due);
  void resume(const Sleeper& sleeper);
  void nap(Ns due);
  std::uint64_t& nap_of(std::size_t pid);

  Clock clock_;
  std::priority_queue<Sleeper> sleepers_;
  std::vector<std::uint64_t> naps_;  // by actor pid; odd while asleep
  std::vector<simgrid::s4u::Actor*> unlimited_;
  std::uint64_t sequence_ = 0;
  Ns armed_ = Ns::max();
  bool stopping_ = false;
};

}  // namespace gbsim
