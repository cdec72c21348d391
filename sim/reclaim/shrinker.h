// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "sim/base/types.h"

namespace gbsim {

/** Whose objects a shrinker may free: a node's, or of these only those within a range of memory. */
struct ShrinkScope {
  ShrinkScope(NodeId whole) : node(whole) {}
  ShrinkScope(NodeId home, Pfn from, Pfn end) : node(home), first(from), until(end) {}

  bool is_node() const { return until == kEnd; }
  bool covers(Pfn pfn) const { return pfn >= first && pfn < until; }

  static constexpr Pfn kEnd{std::numeric_limits<std::uint64_t>::max()};
  NodeId node;
  Pfn first{};
  Pfn until = kEnd;
};

/** A cache of kernel objects that can be shrunk under pressure: dentries, inodes, extent maps. */
class Shrinker {
 public:
  virtual ~Shrinker() = default;
  virtual std::string_view name() const = 0;
  /** Objects that could be freed on @node now. */
  virtual std::uint64_t count_objects(NodeId node) const = 0;
  /** Looks at up to @nr_to_scan objects, which is paid, and frees those of @scope not in use. Returns objects freed. */
  virtual std::uint64_t scan_objects(const ShrinkScope& scope, std::uint64_t nr_to_scan) = 0;
};

}  // namespace gbsim
