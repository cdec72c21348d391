// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/policy.h"

#include "sim/placement/confined.h"
#include "sim/placement/gigablock.h"
#include "sim/placement/linux.h"

namespace gbsim {

namespace {

class LinuxPlacement : public PlacementPolicy {
 public:
  std::string_view name() const override { return "linux"; }
  Choice choose(const Zone& zone, const PlacementRequest& request, PlacementMode from) override {
    return choose_linux(zone, request, from);
  }
  bool takes_own_first() const override { return true; }
};

}  // namespace

std::optional<Placement> PlacementPolicy::choose_own(const Zone& zone, const PlacementRequest& request) {
  return take_own(zone, request).placement;
}

std::unique_ptr<PlacementPolicy> make_placement(const Tunables& tunables) {
  switch (tunables.placement) {
    case PlacementKind::gigablock_walk:
      return std::make_unique<GigablockPlacement>("gigablock-walk", tunables, std::make_unique<WalkSearch>());
    case PlacementKind::gigablock_bitmap:
      return std::make_unique<GigablockPlacement>("gigablock-bitmap", tunables,
                                                  std::make_unique<BitmapSearch>(tunables));
    case PlacementKind::confined:
      return std::make_unique<ConfinedPlacement>(tunables);
    default:
      return std::make_unique<LinuxPlacement>();
  }
}

}  // namespace gbsim
