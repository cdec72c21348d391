// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "sim/recording/first_uses.h"
#include "sim/recording/kernel_snapshot.h"
#include "sim/recording/proc_snapshot.h"

namespace gbsim {

/**
 * A snapshot with exactly those counts, its places drawn from the stream `snapshot` of @seed: largest blocks first,
 * where @uses has pages that were free and none that was in use, in pageblocks of their type as far as there is room,
 * never beside a free buddy. Zones of it say that they are drawn. @name is for errors only. Throws BadRecording if a
 * zone has not room for all.
 */
KernelSnapshot draw_snapshot(const std::vector<ProcZone>& zones, const FirstUses& uses, std::uint64_t seed,
                             const std::filesystem::path& name);

}  // namespace gbsim
