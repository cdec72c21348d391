// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "sim/recording/kernel_snapshot.h"
#include "sim/recording/recorded_files.h"

namespace gbsim {

/** What /proc tells of one zone: counts, no places. */
struct ProcZone {
  ZoneImage image{};  // its free lists and pageblocks are empty
  std::array<std::array<std::uint64_t, kNrMigratetypes>, kMaxOrders> free_blocks{};
  std::array<std::uint64_t, kNrMigratetypes> pageblocks{};
};

/**
 * Zones of the buddyinfo, pagetypeinfo and zoneinfo among @files, ascending. Without pagetypeinfo every free block
 * counts as movable; where pagetypeinfo stops counting, buddyinfo says how many there are.
 * Throws BadRecording with the file and the offset of a line that cannot be read.
 */
std::vector<ProcZone> read_proc_files(const RecordedFiles& files);

}  // namespace gbsim
