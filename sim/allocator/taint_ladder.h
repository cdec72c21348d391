// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/allocator/page_request.h"
#include "sim/mm/memory.h"

namespace gbsim {

/** What a request that cannot sleep is told when only tainting another gigablock could serve it. */
enum class TaintVerdict : std::uint8_t { undecided, refuse, taint };

/** A named rung; the first that decides is followed. */
struct TaintRung {
  std::string_view name;
  TaintVerdict (*decide)(const Memory& memory, const PageRequest& request);
  std::string_view relax_step{};  // of spb_alloc_atomic_relax; empty: the RFC refuses elsewhere, without an event
};

/** A verdict and the rung that gave it. */
struct TaintDecision {
  TaintVerdict verdict = TaintVerdict::refuse;
  const TaintRung* rung = nullptr;
};

/** The rungs in order: those with a cheap fallback are refused, best-effort high orders too, the rest may taint. */
std::span<const TaintRung> taint_ladder();

/** The relax ladder of callers without direct reclaim (spb_alloc_atomic_relax of the RFC). */
TaintDecision may_taint(const Memory& memory, const PageRequest& request);

}  // namespace gbsim
