// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace gbsim {

/** Notes SIGINT and SIGTERM for as long as it lives; the handlers before it come back. At most one at a time. */
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /** The first signal seen, 0 if none. */
  static int seen();

 private:
  using Handler = void (*)(int);

  Handler old_int_;
  Handler old_term_;
};

}  // namespace gbsim
