// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/metrics/pageblock_frame.h"

namespace gbsim {

/** Frames of pageblocks.bin as a page carries them. */
struct PageblockPack {
  std::vector<PageblockRange> ranges;
  Order pageblock{};
  Order gigablock{};
  std::size_t frames_per_piece = 0;
  std::vector<double> times;        // seconds, of each frame kept
  std::vector<std::string> pieces;  // packed_text() of a frame's codes, then of those after it as exclusive-or with
                                    // the frame before
};

/**
 * Every n-th frame of @path, n the smallest power of two for which at most @max_frames are left and
 * all pieces take at most @budget bytes. nullopt if the file has no frame.
 */
std::optional<PageblockPack> pack_pageblocks(const std::filesystem::path& path, std::size_t max_frames,
                                             std::size_t budget);

}  // namespace gbsim
