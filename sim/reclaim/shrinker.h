// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/base/types.h"

namespace gbsim {

/** A cache of kernel objects that can be shrunk under pressure: dentries, inodes, extent maps. */
class Shrinker {
 public:
  virtual ~Shrinker() = default;
  virtual std::string_view name() const = 0;
  /** Objects that could be freed on @node now. */
  virtual std::uint64_t count_objects(NodeId node) const = 0;
  /** Looks at up to @nr_to_scan objects, frees those not in use; the looking is paid already. Returns objects freed. */
  virtual std::uint64_t scan_objects(NodeId node, std::uint64_t nr_to_scan) = 0;
};

}  // namespace gbsim
