// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/folio_fate.h"

#include <array>

namespace gbsim {

namespace {

// Dirty file memory is left to the flusher. Swap-backed and not dirty means that swap holds a valid copy.
constexpr std::array kFateRules{
    FateRule{"isolated", kIsolated, 0, FolioFate::keep},
    FateRule{"under_writeback", kWriteback, 0, FolioFate::await_writeback},
    FateRule{"touched_again", kYoung | kReferenced, 0, FolioFate::activate},
    FateRule{"touched_once", kYoung, 0, FolioFate::keep_referenced},
    FateRule{"pinned_and_not_in_swap", kPinned | kSwapBacked | kDirty, 0, FolioFate::keep},
    FateRule{"pinned", kPinned, 0, FolioFate::activate},
    FateRule{"dirty_file", kDirty, kSwapBacked, FolioFate::await_writeback},
    FateRule{"clean", 0, kDirty, FolioFate::reclaim},
    FateRule{"writing_forbidden", 0, kMayWrite, FolioFate::keep},
    FateRule{"to_swap", kSwapFitsWhole, 0, FolioFate::swap_out},
    FateRule{"to_swap_in_pieces", kLarge | kSwapFitsPage, 0, FolioFate::split},
    FateRule{"swap_full", 0, 0, FolioFate::activate},
};

}  // namespace

const FateRule& fate_rule(std::uint16_t flags) {
  std::size_t row = 0;
  while ((flags & kFateRules[row].all) != kFateRules[row].all || (flags & kFateRules[row].none) != 0) {
    ++row;
  }
  return kFateRules[row];
}

}  // namespace gbsim
