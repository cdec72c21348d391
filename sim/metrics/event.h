// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/base/types.h"

namespace gbsim {

/** A rare thing worth a line of events.csv. Fields that do not apply stay empty. */
struct RunEvent {
  Ns time{0};           // since the end of warm-up
  std::string event{};  // taint, untaint, defrag, allocate_1g, free_1g, oom_kill, set, ...
  std::optional<GigablockId> gigablock{};
  std::optional<std::uint64_t> pages{};  // migrated, freed, killed
  std::optional<Ns> duration{};
  std::string detail{};  // free text
};

}  // namespace gbsim
