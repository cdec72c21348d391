// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/allocator/page_request.h"
#include "sim/mm/memory.h"
#include "sim/mm/tracepoint.h"
#include "sim/placement/policy.h"

namespace gbsim {

/**
 * Tells whoever listens what @placement has chosen for @request of @zone, before it is carried out: spb_alloc_walk,
 * spb_claim_block_refused and spb_alloc_fall_through of the gigablock RFC. Requires: the zone indexes gigablocks.
 */
void trace_choice(const Memory& memory, const Zone& zone, const PlacementRequest& request,
                  const PlacementPolicy& placement, const Choice& choice);

/** spb_alloc_atomic_relax: @step of what @request is told; its zone is the one that it prefers. */
void trace_relax(const Memory& memory, const PageRequest& request, std::string_view step);

}  // namespace gbsim
