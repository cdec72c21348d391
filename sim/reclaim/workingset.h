// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/mm/memory.h"

namespace gbsim {

/** What an owner keeps in the place of an evicted folio; zero means nothing is remembered. */
using Shadow = std::uint32_t;

/**
 * Refault detection as in mm/workingset.c: an evicted folio leaves the node's age behind; if it returns within the
 * size of the working set, it should have stayed and is activated.
 */
class Workingset {
 public:
  explicit Workingset(Memory& memory);

  /** The node grew older by @pages: they were evicted or activated. */
  void age(NodeId node, NrPages pages) { ages_[node.value] += pages.value; }
  /** Shadow of a folio that is being evicted; ages its node. */
  Shadow evict(const Folio& folio);
  /** Counts a refault of @folio, just read back; true if it belongs on the active list. */
  bool refault(Shadow shadow, const Folio& folio);

 private:
  std::uint64_t workingset_size(NodeId node, bool file) const;

  Memory& memory_;
  std::vector<std::uint64_t> ages_;  // by node, in pages
};

}  // namespace gbsim
