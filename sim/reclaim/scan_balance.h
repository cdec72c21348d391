// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/reclaim/scan_control.h"
#include "sim/reclaim/swap.h"
#include "sim/reclaim/workingset.h"

namespace gbsim {

/** Anon or file memory: the two kinds of LRU lists. */
enum class LruKind : std::uint8_t { anon, file };

constexpr LruKind kind_of(LruList list) {
  return list == LruList::inactive_file || list == LruList::active_file ? LruKind::file : LruKind::anon;
}
constexpr LruKind kind_of(const Folio& folio) { return folio.has(kSwapBacked) ? LruKind::anon : LruKind::file; }
constexpr bool is_active(LruList list) { return list == LruList::active_anon || list == LruList::active_file; }
constexpr LruList active_list(LruKind kind) {
  return kind == LruKind::file ? LruList::active_file : LruList::active_anon;
}
constexpr LruList inactive_list(LruKind kind) {
  return kind == LruKind::file ? LruList::inactive_file : LruList::inactive_anon;
}

/** Pages wanted from each LRU list, by LruList. */
using ScanTargets = std::array<std::uint64_t, kNrLruLists>;

/** What one pass over a node's lists will do. */
struct ScanPlan {
  ScanTargets targets{};
  std::array<bool, 2> deactivate{};  // by LruKind: may active folios move on
  bool cache_trim = false;           // plenty of inactive file memory: leave anon alone
};

/** How hard each LRU list of a node is scanned: prepare_scan_control() and get_scan_count() of mm/vmscan.c. */
class ScanBalance {
 public:
  ScanBalance(Memory& memory, const Swap& swap, const Workingset& workingset);

  ScanPlan plan(const ScanControl& control) const;
  /** The inactive list is too short beside the active one to tell used from unused. */
  bool inactive_is_low(NodeId node, LruKind kind) const;
  /** Taking @kind cost @io pages of device time and @rotated pages of scanning for nothing: lru_note_cost(). */
  void note_cost(NodeId node, LruKind kind, NrPages io, NrPages rotated);
  /** End of one reclaim: refaults from now on ask for deactivation again. */
  void snapshot_refaults(NodeId node);
  bool can_swap(const ScanControl& control) const { return control.may_swap && swap_.free().value != 0; }

 private:
  struct NodeState {
    std::array<std::uint64_t, 2> cost{};      // by LruKind
    std::array<std::uint64_t, 2> refaults{};  // activations by refault at the end of the latest reclaim
  };

  bool may_deactivate(const ScanControl& control, LruKind kind) const;
  bool file_is_tiny(const ScanControl& control, const ScanPlan& plan) const;
  std::uint64_t eligible(const ScanControl& control, LruList list) const;
  /** Shares of anon and file in a scan of both. */
  std::array<std::uint64_t, 2> fractions(NodeId node) const;

  Memory& memory_;
  const Swap& swap_;
  const Workingset& workingset_;
  std::vector<NodeState> nodes_;
};

}  // namespace gbsim
