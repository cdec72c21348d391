// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/signal_watch.h"

#include <poll.h>

namespace gbsim {
namespace {

volatile std::sig_atomic_t stop_signal = 0;

}  // namespace

SignalWatch::SignalWatch() {
  stop_signal = 0;
  struct sigaction action {};
  action.sa_handler = [](int signal) { stop_signal = signal; };
  sigaction(SIGINT, &action, &before_int_);
  sigaction(SIGTERM, &action, &before_term_);
}

SignalWatch::~SignalWatch() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
}

int SignalWatch::noted() const {
  return stop_signal;
}

void SignalWatch::sleep(std::chrono::milliseconds time) const {
  if (stop_signal == 0) {
    poll(nullptr, 0, static_cast<int>(time.count()));
  }
}

}  // namespace gbsim
