// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/allocator/gfp.h"
#include "sim/base/types.h"

namespace gbsim {

/** One call of alloc_pages(): what is wanted, by whom, from where. */
struct PageRequest {
  Order order;
  Gfp gfp = gfp::kKernel;
  CpuId cpu{};
  NodeId node{};
};

}  // namespace gbsim
