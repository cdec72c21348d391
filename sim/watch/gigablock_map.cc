// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/gigablock_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace gbsim {
namespace {

/** What a cell shows, from best to worst. */
enum class Cell : std::uint8_t { empty, clean, partial, tainted };

struct CellLook {
  char letter;
  TextStyle style;
};

constexpr std::array kLooks{CellLook{'.', TextStyle::empty}, CellLook{'o', TextStyle::clean},
                            CellLook{'~', TextStyle::partial}, CellLook{'#', TextStyle::tainted}};

constexpr std::size_t kNodePrefix = 9;  // "node 000 "

using Blocks = std::span<const GigablockSample>;

Cell cell_of(const GigablockSample& gigablock) {
  if (!gigablock.whole) {
    return Cell::partial;
  }
  constexpr std::array cells{Cell::empty, Cell::clean, Cell::tainted};
  return cells[static_cast<std::size_t>(gigablock.state)];
}

Cell worst(Blocks shared) {
  return cell_of(*std::ranges::max_element(shared, {}, cell_of));
}

/** Runs of gigablocks of one node. */
std::vector<Blocks> by_node(Blocks gigablocks) {
  std::vector<Blocks> runs;
  while (!gigablocks.empty()) {
    const NodeId node = gigablocks.front().node;
    const auto end = std::ranges::find_if(gigablocks, [node](const auto& one) { return one.node != node; });
    const auto length = static_cast<std::size_t>(std::distance(gigablocks.begin(), end));
    runs.push_back(gigablocks.first(length));
    gigablocks = gigablocks.subspan(length);
  }
  return runs;
}

std::size_t div_up(std::size_t value, std::size_t by) {
  return (value + by - 1) / by;
}

std::size_t rows_needed(std::span<const Blocks> nodes, std::size_t a_cell, std::size_t cells) {
  std::size_t rows = 0;
  for (const Blocks& node : nodes) {
    rows += div_up(div_up(node.size(), a_cell), cells);
  }
  return rows;
}

/** The fewest gigablocks a cell that fit into @rows; more than one row a node is never forced away. */
std::size_t gigablocks_a_cell(std::span<const Blocks> nodes, std::size_t cells, std::size_t rows) {
  std::size_t a_cell = 1;
  while (rows_needed(nodes, a_cell, cells) > std::max(rows, nodes.size())) {
    ++a_cell;
  }
  return a_cell;
}

void add_cell(ScreenLine& line, Cell cell) {
  const CellLook look = kLooks[static_cast<std::size_t>(cell)];
  if (line.spans.back().style != look.style) {
    line.spans.push_back({"", look.style});
  }
  line.spans.back().text += look.letter;
}

void add_node(std::vector<ScreenLine>& lines, Blocks node, std::size_t a_cell, std::size_t cells) {
  for (std::size_t at = 0; at < node.size(); at += a_cell) {
    if (at % (a_cell * cells) == 0) {
      const std::string label = at == 0 ? fmt::format("node {}", node.front().node.value) : "";
      lines.push_back(line_of(Keep::map, fmt::format("{:<{}}", label, kNodePrefix)));
    }
    const Blocks shared = node.subspan(at, std::min(a_cell, node.size() - at));
    add_cell(lines.back(), worst(shared));
  }
}

ScreenLine legend(std::size_t a_cell) {
  ScreenLine line = line_of(Keep::heading, "gigablocks ", TextStyle::bold);
  constexpr std::array names{"empty", "clean", "holes or boot memory", "tainted"};
  for (std::size_t i = 0; i < kLooks.size(); ++i) {
    line.spans.push_back({std::string(1, kLooks[i].letter), kLooks[i].style});
    line.spans.push_back({fmt::format(" {}  ", names[i])});
  }
  if (a_cell > 1) {
    line.spans.push_back({fmt::format("({} a letter, the worst shows)", a_cell)});
  }
  return line;
}

}  // namespace

std::vector<ScreenLine> gigablock_map(std::span<const GigablockSample> gigablocks, const ScreenSize& room) {
  if (gigablocks.empty()) {
    return {};
  }
  const std::vector<Blocks> nodes = by_node(gigablocks);
  const std::size_t cells = room.columns > kNodePrefix ? room.columns - kNodePrefix : 1;
  const std::size_t a_cell = gigablocks_a_cell(nodes, cells, room.rows > 0 ? room.rows - 1 : 0);
  std::vector<ScreenLine> lines{legend(a_cell)};
  for (const Blocks& node : nodes) {
    add_node(lines, node, a_cell, cells);
  }
  return lines;
}

}  // namespace gbsim
