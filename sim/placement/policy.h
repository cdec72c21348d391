// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sim/base/tunables.h"
#include "sim/mm/zone.h"
#include "sim/placement/gigablock_search.h"
#include "sim/placement/placement.h"

namespace gbsim {

/** How often one row of a placement's table has decided. */
struct StepCount {
  std::string_view step;
  std::uint64_t served = 0;
};

/** Decides where requests are served from. Reads zones, changes none. */
class PlacementPolicy {
 public:
  virtual ~PlacementPolicy() = default;
  virtual std::string_view name() const = 0;
  /** The block to take, from the first row of the table on that can serve @request; rows before @from are skipped. */
  virtual Choice choose(const Zone& zone, const PlacementRequest& request, PlacementMode from) = 0;
  /** From the lists of the request's type where such requests belong; enters no other place and changes no label. */
  virtual std::optional<Placement> choose_own(const Zone& zone, const PlacementRequest& request);
  /** The request's own lists come first, whatever else: the zone may look there without asking. */
  virtual bool takes_own_first() const { return false; }
  /** How hard it looked for gigablocks; zero if it does not. */
  virtual GigablockSearchCost search_cost() const { return {}; }
  /** Claims that the last choice wanted and was refused. */
  virtual std::span<const ClaimRefusal> refusals() const { return {}; }
  /** Rows in order, with how often each decided; empty if that is not counted. */
  virtual std::span<const StepCount> steps() const { return {}; }
};

/** The policy that @tunables name, which must outlive it. */
std::unique_ptr<PlacementPolicy> make_placement(const Tunables& tunables);

}  // namespace gbsim
