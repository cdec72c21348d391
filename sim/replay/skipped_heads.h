// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

#include "sim/base/maybe.h"
#include "sim/base/types.h"
#include "sim/mm/migratetype.h"

namespace gbsim {

/** Heads of lists that the kernel has passed over, of each type the latest. */
class SkippedHeads {
 public:
  /** @head was passed over; whether it was the last time, too. Once may be a race. */
  bool is_again(Migratetype type, Pfn head) {
    Maybe<Pfn>& last = last_[index(type)];
    const bool again = last && *last == head;
    last = again ? std::nullopt : Maybe<Pfn>{head};
    return again;
  }

 private:
  std::array<Maybe<Pfn>, kNrMigratetypes> last_{};
};

}  // namespace gbsim
