// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/reclaim/scan_control.h"
#include "sim/reclaim/swap.h"
#include "sim/reclaim/workingset.h"
#include "sim/reclaim/writeback.h"

namespace gbsim {

/** What a scan does with one folio of an inactive list. */
enum class FolioFate : std::uint8_t { pass_over, keep, activate, swap_out, reclaim };

/** What decides a folio's fate besides its flags. */
struct FateContext {
  bool may_swap = false;  // swap exists, has room, and the round may use it
};

/** The rules of shrink_folio_list() as a pure function. */
FolioFate fate_of(const Folio& folio, const FateContext& context);

/** Pages wanted from each LRU list this round. */
using ScanTargets = std::array<std::uint64_t, kNrLruLists>;

/** Scans the LRU lists of one node: get_scan_count() and shrink_lruvec() of mm/vmscan.c, classic LRU. */
class LruScan {
 public:
  LruScan(Memory& memory, Writeback& writeback, Swap& swap, Workingset& workingset);

  /** One pass over a node's lists at the control's priority. */
  void shrink(ScanControl& control);
  /** Moves active anon folios on if the inactive list is low: kswapd's ageing. */
  void age_anon(ScanControl& control);
  /** Refaults and rotations make a kind of page more costly to take: lru_note_cost(). */
  void note_cost(NodeId node, bool file, NrPages pages);
  /** Evicts @id now, whatever its list. Requires: clean, not pinned, not under writeback. */
  void evict(FolioId id, CpuId cpu);
  /** How the scan is split over the lists. */
  ScanTargets targets(const ScanControl& control) const;

 private:
  struct Cost {
    std::uint64_t anon = 0;
    std::uint64_t file = 0;
  };

  bool inactive_is_low(NodeId node, bool file) const;
  void shrink_list(ScanControl& control, LruList list, std::uint64_t pages);
  void shrink_active(ScanControl& control, LruList list, std::uint64_t pages);
  void shrink_inactive(ScanControl& control, LruList list, std::uint64_t pages);
  void settle(ScanControl& control, FolioId id, LruList list);
  void pass_over(ScanControl& control, FolioId id, LruList list);
  void activate(FolioId id, LruList list);
  void swap_out(ScanControl& control, FolioId id, LruList list);
  void count_reclaimed(ScanControl& control, const Folio& folio);
  bool eligible(const ScanControl& control, const Folio& folio) const;

  Memory& memory_;
  Writeback& writeback_;
  Swap& swap_;
  Workingset& workingset_;
  std::vector<Cost> costs_;
};

}  // namespace gbsim
