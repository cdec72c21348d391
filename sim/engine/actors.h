// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "sim/engine/sim_clock.h"

namespace gbsim {

/**
 * The process's one SimGrid engine with a host for each simulated CPU. Bodies run as actors and end by returning
 * once clock().stopping(). An exception in a body stops the run and comes out of run().
 */
class Actors {
 public:
  explicit Actors(unsigned nr_hosts);
  ~Actors();
  Actors(const Actors&) = delete;
  Actors& operator=(const Actors&) = delete;

  SimClock& clock() { return clock_; }
  /** Starts @body as actor @name on the host of CPU @host when run() begins, in order of spawning. */
  simgrid::s4u::Actor* spawn(const std::string& name, unsigned host, std::function<void()> body);
  /** Until every body has returned. Rethrows the first exception of a body. */
  void run();

 private:
  void guarded(const std::function<void()>& body);

  struct Impl;
  std::unique_ptr<Impl> impl_;
  SimClock clock_;
  std::exception_ptr failure_;
};

}  // namespace gbsim
