// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/mm/memory.h"
#include "sim/reclaim/shrinker.h"

namespace gbsim {

/** All shrinkers, and how much of each cache a round of reclaim looks at: mm/shrinker.c. */
class ShrinkSlab {
 public:
  explicit ShrinkSlab(Memory& memory) : memory_(memory) {}

  /** @shrinker must outlive this object, or be unregistered. */
  void add(Shrinker& shrinker);
  void remove(Shrinker& shrinker);
  /** One round at @priority over the caches of @scope's node; returns objects freed. */
  std::uint64_t shrink(const ShrinkScope& scope, unsigned priority);
  /** Everything that can go: echo 2 > drop_caches. */
  std::uint64_t drop(NodeId node);
  /** Objects that could be freed on @node. */
  std::uint64_t count(NodeId node) const;

 private:
  struct Entry {
    Shrinker* shrinker;
    std::vector<std::uint64_t> deferred;  // by node: scans owed from rounds that were too small to do
  };

  std::uint64_t shrink(Entry& entry, const ShrinkScope& scope, unsigned priority);

  Memory& memory_;
  std::vector<Entry> entries_;
};

}  // namespace gbsim
