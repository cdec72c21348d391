// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>

#include "sim/base/types.h"

namespace gbsim {

/** What became of recorded demand in another machine. */
struct DemandOutcome {
  std::uint64_t allocations = 0;               // asked for, old contents included
  std::uint64_t never_asked = 0;               // due before the end, when CPUs were still busy with earlier ones
  std::map<unsigned, std::uint64_t> refused{}; // by order
  NrPages refused_pages{};
  std::uint64_t repeated = 0;                  // single pages asked for without effort, then in earnest
  std::uint64_t frees = 0;                     // of what had been served

  void refuse(Order order) {
    ++refused[order.value];
    refused_pages += order.pages();
  }
};

}  // namespace gbsim
