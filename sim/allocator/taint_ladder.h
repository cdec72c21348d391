// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/allocator/page_request.h"
#include "sim/mm/memory.h"

namespace gbsim {

/** What a request that cannot sleep is told when only tainting another gigablock could serve it. */
enum class TaintVerdict : std::uint8_t { refuse, taint };

/** A kind of requests, and what becomes of them. */
struct TaintRung {
  std::string_view name;
  bool (*holds)(const Memory& memory, const PageRequest& request);
  TaintVerdict verdict;
  std::string_view relax_step{};  // of spb_alloc_atomic_relax; empty: the RFC refuses elsewhere, without an event
};

/**
 * The rung on which a caller without direct reclaim ends (spb_alloc_atomic_relax of the RFC): those with a cheap
 * fallback are refused, best-effort high orders too, the rest may taint.
 */
const TaintRung& taint_rung(const Memory& memory, const PageRequest& request);

}  // namespace gbsim
