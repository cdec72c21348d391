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

}  // namespace

std::uint64_t& SimClock::nap_of(s4u::Actor* actor) {
  const auto pid = static_cast<std::size_t>(actor->get_pid());
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
  simgrid::kernel::timer::Timer::set(simgrid_date(armed_), [this, due = armed_] { fire(due); });
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
    if (nap_of(sleeper.actor) == sleeper.nap) {
      wake(sleeper.actor);
    }
  }
  arm();
}

void SimClock::wake(s4u::Actor* actor) {
  std::uint64_t& nap = nap_of(actor);
  if (nap % 2 == 0) {
    return;
  }
  ++nap;
  actor->resume();
}

void SimClock::nap(Ns due) {
  s4u::Actor* self = s4u::Actor::self();
  const std::uint64_t nap = ++nap_of(self);
  GBSIM_CHECK(nap % 2 == 1);
  if (due == Ns::max()) {
    unlimited_.push_back(self);
  } else {
    sleepers_.push({due, sequence_++, self, nap});
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
  while (!sleepers_.empty()) {
    const Sleeper sleeper = sleepers_.top();
    sleepers_.pop();
    if (nap_of(sleeper.actor) == sleeper.nap) {
      wake(sleeper.actor);
    }
  }
  const auto waiting = unlimited_;
  for (s4u::Actor* actor : waiting) {
    wake(actor);
  }
}

}  // namespace gbsim
