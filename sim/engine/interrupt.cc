// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/interrupt.h"

#include <csignal>

namespace gbsim {

namespace {

volatile std::sig_atomic_t first_signal = 0;

void note_signal(int signal) {
  if (first_signal == 0) {
    first_signal = signal;
  }
}

}  // namespace

Interrupt::Interrupt() : old_int_(std::signal(SIGINT, note_signal)), old_term_(std::signal(SIGTERM, note_signal)) {
  first_signal = 0;
}

Interrupt::~Interrupt() {
  std::signal(SIGINT, old_int_);
  std::signal(SIGTERM, old_term_);
}

int Interrupt::seen() {
  return first_signal;
}

}  // namespace gbsim
