// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "sim/placement/fallback.h"
#include "sim/placement/placement.h"

namespace gbsim {

/** A named way to serve a request; rows are tried in order. */
struct PlacementStep {
  std::string_view name;
  PlacementMode mode;
  Choice (*choose)(const Zone& zone, const PlacementRequest& request);
};

/** The request's own lists, smallest block that fits. */
inline Choice take_own(const Zone& zone, const PlacementRequest& request) {
  const auto found = zone.smallest_free(request.order, request.type);
  if (!found) {
    return {};
  }
  return {Placement{zone.first_free(*found, request.type), *found, request.type, PlacementAction::take,
                    PlacementMode::normal, "take_own"}};
}

/**
 * Linux's placement: the first step from @from on that can serve @request. Rules of the zone's kernel: 6.12 claims from
 * the largest block down, then steals from the smallest up; 6.1 moves blocks to the request's lists and looks again.
 */
Choice choose_linux(const Zone& zone, const PlacementRequest& request, PlacementMode from);

/** The steps of @rules in order of risk. */
std::span<const PlacementStep> linux_steps(const KernelRules& rules);

}  // namespace gbsim
