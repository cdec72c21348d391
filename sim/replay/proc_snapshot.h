// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "sim/replay/kernel_snapshot.h"

namespace gbsim {

/** What /proc tells of one zone: counts, no places. */
struct ProcZone {
  ZoneImage image{};  // its free lists and pageblocks are empty
  std::array<std::array<std::uint64_t, kNrMigratetypes>, kMaxOrders> free_blocks{};
  std::array<std::uint64_t, kNrMigratetypes> pageblocks{};
};

/**
 * Zones of the buddyinfo, pagetypeinfo and zoneinfo in @dir. Without pagetypeinfo every free block counts as movable.
 * Throws BadRecording with the file and the offset of a line that cannot be read.
 */
std::vector<ProcZone> read_proc_files(const std::filesystem::path& dir);

/**
 * A snapshot with those counts, its places drawn from the stream `snapshot` of @seed: largest blocks first, each in a
 * random pageblock of its type with room, never beside a free buddy. Zones of it say that they are drawn.
 */
KernelSnapshot draw_snapshot(const std::vector<ProcZone>& zones, std::uint64_t seed);

}  // namespace gbsim
