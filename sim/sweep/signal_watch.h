// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <csignal>

namespace gbsim {

/** Notes SIGINT and SIGTERM instead of dying of them, while it lives. One at a time. */
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /** The last signal noted, or 0. */
  int noted() const;
  /** Waits for @time, or until a signal comes. */
  void sleep(std::chrono::milliseconds time) const;

 private:
  struct sigaction before_int_ {};
  struct sigaction before_term_ {};
};

}  // namespace gbsim
