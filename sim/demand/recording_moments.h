// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/tunables.h"
#include "sim/demand/cache_drops.h"
#include "sim/demand/reclaim_shares.h"
#include "sim/demand/recorded_demand.h"
#include "sim/mm/page_map.h"
#include "sim/recording/recording.h"

namespace gbsim {

/** The request types that pages are told apart by; the first of Migratetype. */
inline constexpr std::size_t kNrDemandTypes = 3;

/** The request type that pageblocks and lists of @type stand for. */
constexpr std::size_t demand_type(Migratetype type) {
  const bool is_request_type = index(type) < kNrDemandTypes;
  return index(is_request_type ? type : type == Migratetype::cma ? Migratetype::movable : Migratetype::unmovable);
}

/** Memory of the whole machine at one moment. */
struct MemoryMoment {
  Ns time{0};  // since the beginning of the recording or run
  NrPages managed{};
  NrPages pcp{};
  NrPages min_watermark{};  // of all zones together
  std::array<std::uint64_t, kMaxOrders> free_blocks{};  // on free lists, by order
  std::array<NrPages, kNrDemandTypes> held{};           // not on free lists, by type of their pageblock
  std::optional<double> mixed_share{};                  // of managed pageblocks: hold pages of another type than theirs

  NrPages free() const;
};

/** What was in memory before the recording began and is not explained by its events. */
struct OldMemory {
  std::array<NrPages, kNrDemandTypes> stays{};  // held to the end of the recording, by type of its pageblock
  std::vector<Migratetype> dying{};             // the type of each of RecordedDemand::old_blocks
};

/** A recording with what its snapshots say. */
struct RecordingWithMoments {
  RecordedDemand demand{};
  std::vector<MemoryMoment> moments{};  // within the recording, by time; empty without snapshots
  OldMemory old{};
  ReclaimShares reclaim{};   // of the page cache
  ReclaimShares swapping{};  // of anonymous memory
  std::vector<DropWindow> drops{};  // of page cache, by time of the recording's clock
  std::uint64_t swap_bytes = 0;
  bool boosts_watermarks = true;  // a fallback raises them, as vm.watermark_boost_factor says
  RecordedMachine machine{};
  KernelVersion kernel = KernelVersion::v6_12;
  std::vector<std::string> remarks{};  // what readers of a result must know of the recording

  /** The minimum watermark of all zones at most of the moments: it may be set anew while a machine runs. */
  NrPages min_watermark() const;
  /** Those of a machine like the recorded one: as it was set, else as events and snapshots tell. */
  std::vector<TunableSetting> tunables() const;
};

/** @snapshot as a moment; @live are blocks whose type is known, for mixing: nothing if positions are drawn. */
MemoryMoment moment_of(const KernelSnapshot& snapshot, const std::vector<LiveBlock>& live, Ns begin);

/** Reads all of @recording once more. Throws BadRecording if it has no event. */
RecordingWithMoments read_with_moments(const Recording& recording);

}  // namespace gbsim
