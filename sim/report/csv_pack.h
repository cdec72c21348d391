// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gbsim {

/** The whole of @path; empty if it cannot be read. */
std::string file_text(const std::filesystem::path& path);

/** @csv with its header and every n-th row, n the smallest that leaves at most @max_rows; the last row always stays. */
std::string thin_csv(const std::string& csv, std::size_t max_rows);

/** gigablocks.csv as planes of bytes, one value a sample and gigablock: all gigablocks of a sample side by side. */
struct GigablockPlanes {
  std::vector<double> times;               // seconds
  std::vector<unsigned> gigablocks;        // physical address / size of a gigablock
  std::vector<std::uint8_t> state;         // 0 empty, 1 clean, 2 tainted, 3 partial
  std::vector<std::uint8_t> free, movable, unmovable, reclaimable, pinned;  // 255ths of one, at least 1 if any page
};

/** At most @max_samples of the samples in @path. Rows that cannot be read are left out. */
GigablockPlanes read_gigablock_planes(const std::filesystem::path& path, std::size_t max_samples);

/** @plane with each sample as its difference (modulo 256) from the one before: packs to a fraction. */
std::string differences(const std::vector<std::uint8_t>& plane, std::size_t row);

}  // namespace gbsim
