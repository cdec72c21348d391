// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "sim/recording/kernel_snapshot.h"

namespace gbsim {

/** Looks over where the zones of one machine lie, in order of their pages. */
class ZonePlaces {
 public:
  /** In words what is wrong with @zone, behind those that came before; empty: nothing. */
  std::string wrong_with(const ZoneImage& zone);

 private:
  Pfn below_{};  // end of the zones so far
};

}  // namespace gbsim
