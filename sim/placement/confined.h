// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "sim/placement/policy.h"

namespace gbsim {

/** One row: a named way to serve a request from its own region. */
struct ConfinedStep {
  std::string_view name;
  bool movable;  // serves movable requests, or all others
  Choice (*choose)(const Zone& zone, const PlacementRequest& request, const Tunables& tunables);
};

/** The rows in order of preference. */
std::span<const ConfinedStep> confined_steps();

/**
 * Contiguitas (ISCA'23): non-movable memory stays below a boundary in each zone, movable memory above it, and neither
 * ever enters the other's region. Pageblocks are labelled accordingly; moving the boundary is somebody else's work.
 * What requests that can wait must leave of the region below is our stand-in for watermarks of its own.
 */
class ConfinedPlacement : public PlacementPolicy {
 public:
  /** @tunables must outlive it. */
  explicit ConfinedPlacement(const Tunables& tunables);

  std::string_view name() const override { return "confined"; }
  Choice choose(const Zone& zone, const PlacementRequest& request, PlacementMode from) override;
  std::optional<Placement> choose_own(const Zone& zone, const PlacementRequest& request) override;
  std::span<const StepCount> steps() const override { return served_; }

 private:
  /** Must leave what is free to requests that cannot wait. */
  bool must_wait(const Zone& zone, const PlacementRequest& request) const;

  const Tunables& tunables_;
  std::vector<StepCount> served_;
};

}  // namespace gbsim
