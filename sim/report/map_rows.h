// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gbsim {

/**
 * The rows of a map of gigablocks: those that have memory, one below the other. Holes in physical memory have no row,
 * because an image needs rows without gaps, so a row's number and its gigablock's differ above a hole.
 */
class MapRows {
 public:
  /** @gigablocks: ascending. */
  explicit MapRows(std::vector<std::uint64_t> gigablocks) : gigablocks_(std::move(gigablocks)) {}

  std::size_t count() const { return gigablocks_.size(); }
  /** Rows before which gigablocks are missing. */
  std::vector<std::size_t> holes() const;
  /** gnuplot function row(g) from a gigablock's number to its row. */
  std::string row_function() const;
  /** gnuplot command that puts round numbers of gigablocks beside their rows. */
  std::string tics() const;

 private:
  std::uint64_t tic_step() const;

  std::vector<std::uint64_t> gigablocks_;
};

/** The gigablocks of the first sample in @gigablocks_csv; none if it cannot be read. */
MapRows read_map_rows(const std::filesystem::path& gigablocks_csv);

}  // namespace gbsim
