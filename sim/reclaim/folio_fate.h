// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/mm/folio.h"

namespace gbsim {

/** What a scan does with one folio of an inactive list. */
enum class FolioFate : std::uint8_t {
  keep,             // back to the inactive list, most recent end
  keep_referenced,  // the same, and the next touch activates
  activate,
  await_writeback,  // active until written, then first in line for reclaim
  swap_out,
  split,            // swap has room for its pages, not for the whole
  reclaim
};

/** Facts about the round that decide besides the folio's flags; they share a word with FolioFlag. */
enum ScanFact : std::uint16_t {
  kMayWrite = 1U << 12,       // anon memory may be written to swap
  kSwapFitsWhole = 1U << 13,  // swap has a run of slots for the folio
  kSwapFitsPage = 1U << 14,
  kLarge = 1U << 15,
};

/** One rule: applies if every flag of @all is set and none of @none. */
struct FateRule {
  std::string_view name;
  std::uint16_t all;
  std::uint16_t none;
  FolioFate fate;
};

/** The first rule that applies to @flags, a set of FolioFlag and ScanFact: shrink_folio_list() of mm/vmscan.c. */
const FateRule& fate_rule(std::uint16_t flags);

}  // namespace gbsim
