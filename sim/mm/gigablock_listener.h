// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/base/types.h"

namespace gbsim {

class Zone;

/** Told of what gigablocks go through while blocks come and go; must not change memory there and then. */
class GigablockListener {
 public:
  virtual ~GigablockListener() = default;
  /** A gigablock of @zone changed its category or fullness. */
  virtual void gigablock_refiled(const Zone& zone, GigablockId id) = 0;
  /** Non-movable memory was taken from a tainted gigablock of @zone. */
  virtual void taken_from_tainted(const Zone& zone, GigablockId id) = 0;
  /** No tainted gigablock of @zone could serve a non-movable request. */
  virtual void tainted_exhausted(const Zone& zone) = 0;
};

}  // namespace gbsim
