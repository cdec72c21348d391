// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/mm/lazy_array.h"
#include "sim/mm/zone.h"

namespace gbsim {

/** What turns one list into another. Blocks that are not named stay where they are. */
struct ListEdit {
  std::vector<Pfn> leave;
  // What is to stand there, in list order; blocks that stand elsewhere on the list so far are among it.
  std::vector<Pfn> head;
  std::vector<Pfn> tail;

  bool empty() const { return leave.empty() && head.empty() && tail.empty(); }
};

/** Finds how lists of one zone differ, in time proportional to their lengths. */
class ListComparison {
 public:
  /** @zone outlives the object. */
  explicit ListComparison(const Zone& zone) : zone_(zone), place_(zone.page_map().size()) {}

  /** In place stays the longest run of @wanted whose blocks @ours has in that order. */
  ListEdit between(std::span<const Pfn> ours, std::span<const Pfn> wanted);

 private:
  struct Run {
    std::size_t begin = 0;
    std::size_t length = 0;
    std::size_t end() const { return begin + length; }
  };
  Run longest_common_run(std::span<const Pfn> ours, std::span<const Pfn> wanted);

  const Zone& zone_;
  LazyArray<std::uint32_t> place_;  // by page: 1 + place in the wanted list; 0: not on it
  std::vector<std::uint32_t> runs_;  // by place: blocks of the run that ends there, as far as read
};

}  // namespace gbsim
