// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/sim_clock.h"

#include <algorithm>
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>

#include "sim/base/check.h"

namespace gbsim {

namespace s4u = simgrid::s4u;

namespace {

double simgrid_date(Ns time) {
  return static_cast<double>(time.count()) * 1e-9;
}

std::size_t pid_of(const s4u::Actor& actor) {
  return static_cast<std::size_t>(actor.get_pid());
}

}  // namespace

std::uint64_t& SimClock::nap_of(std::size_t pid) {
  if (naps_.size() <= pid) {
    naps_.resize(pid + 1);
  }
  return naps_[pid];
}

void SimClock::arm() {
  if (sleepers_.empty() || sleepers_.top().due >= armed_) {
    return;
  }
  armed_ = sleepers_.top().due;
  // SimGrid's own date may be a rounding ahead of ours, and a timer must not be in its past.
  const double date = std::max(simgrid_date(armed_), s4u::Engine::get_clock());
  simgrid::kernel::timer::Timer::set(date, [this, due = armed_] { fire(due); });
}

// A timer that was overtaken by an earlier one finds armed_ changed and does nothing.
void SimClock::fire(Ns due) {
  if (armed_ != due) {
    return;
  }
  armed_ = Ns::max();
  clock_.now = due;
  while (!sleepers_.empty() && sleepers_.top().due <= due) {
    const Sleeper sleeper = sleepers_.top();
    sleepers_.pop();
    resume(sleeper);
  }
  arm();
}

void SimClock::resume(const Sleeper& sleeper) {
  std::uint64_t& nap = nap_of(sleeper.pid);
  if (nap == sleeper.nap) {
    ++nap;
    sleeper.actor->resume();
  }
}

// Through the heap: resuming right here would suspend the caller in the middle of its work.
void SimClock::wake(s4u::Actor* actor) {
  const std::size_t pid = pid_of(*actor);
  if (nap_of(pid) % 2 == 1) {
    sleepers_.push({clock_.now, sequence_++, actor, pid, nap_of(pid)});
    arm();
  }
}

void SimClock::nap(Ns due) {
  s4u::Actor* self = s4u::Actor::self();
  const std::size_t pid = pid_of(*self);
  const std::uint64_t nap = ++nap_of(pid);
  GBSIM_CHECK(nap % 2 == 1);
  if (due == Ns::max()) {
    unlimited_.push_back(self);
  } else {
    sleepers_.push({due, sequence_++, self, pid, nap});
    arm();
  }
  s4u::this_actor::suspend();
  if (due == Ns::max()) {
    std::erase(unlimited_, self);
  }
}

void SimClock::sleep_until(Ns due) {
  if (!stopping_ && due > clock_.now) {
    nap(due);
  }
}

void SimClock::sleep() {
  if (!stopping_) {
    nap(Ns::max());
  }
}

void SimClock::stop() {
  stopping_ = true;
  std::vector<Sleeper> waiting;
  for (; !sleepers_.empty(); sleepers_.pop()) {
    waiting.push_back(sleepers_.top());
  }
  for (Sleeper& sleeper : waiting) {
    sleepers_.push({clock_.now, sequence_++, sleeper.actor, sleeper.pid, sleeper.nap});
  }
  for (s4u::Actor* actor : unlimited_) {
    wake(actor);
  }
  arm();
}

}  // namespace gbsim
