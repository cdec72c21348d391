// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/mm/memory.h"

namespace gbsim {

/** What an owner keeps in the place of an evicted folio; its lowest bit is set. Zero means nothing is remembered. */
using Shadow = std::uint32_t;
/** Of a folio that went without a trace, as those that drop_caches takes: its return is no refault. */
inline constexpr Shadow kNoTrace = 1;

/** What a shadow says about a folio that came back. */
struct Refault {
  bool activate = false;        // it should not have gone
  bool was_workingset = false;  // it had been active before it went
};

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
  /** Counts a refault of @folio, just read back. */
  Refault refault(Shadow shadow, const Folio& folio);
  /** Pages activated by refaults since boot: WORKINGSET_ACTIVATE of the node. */
  std::uint64_t activated(NodeId node, bool file) const { return activated_[node.value][file ? 1 : 0]; }

 private:
  std::uint64_t workingset_size(NodeId node, bool file) const;

  Memory& memory_;
  unsigned bucket_order_;                                // pages of age that one step of a shadow stands for
  std::vector<std::uint64_t> ages_;                      // by node, in pages
  std::vector<std::array<std::uint64_t, 2>> activated_;  // by node; anon, file
};

}  // namespace gbsim
