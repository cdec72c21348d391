// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sim/placement/policy.h"

namespace gbsim {

/** Which requests a step serves. */
enum class ServedTypes : std::uint8_t { all, movable, non_movable };

/** What a step asks of a request that must not fragment. */
enum class Leave : std::uint8_t {
  none,
  relabel,  // inside tainted gigablocks, if gigablock.gate_claims asks for it
  mix,      // NOFRAGMENT must be off
};

/** Outcome of spb_alloc_walk where __rmqueue_smallest() finds nothing. */
inline constexpr std::string_view kNoPass = "NO_PAGE";

/** One row of the search: a named way to serve a request from per-gigablock lists. */
struct GigablockStep {
  std::string_view name;
  ServedTypes serves = ServedTypes::all;
  Leave needs = Leave::none;
  bool GigablockTunables::* enabled = nullptr;        // the switch that ablates it; none: always on
  std::optional<Placement> (*choose)(class GigablockView& view, const PlacementRequest& request);
  std::string_view pass = kNoPass;  // outcome of the RFC's spb_alloc_walk; none: it comes after that search has failed
};

/** The rows in order of preference, after the passes of the RFC's __rmqueue_smallest() and what follows it. */
std::span<const GigablockStep> gigablock_steps();

/** The pass of the RFC that the row named @step stands for. */
std::string_view rfc_pass(std::string_view step);
/** @pass looks for non-movable memory in gigablocks that are tainted already: PASS_1, PASS_2 and its kin. */
bool stays_in_tainted(std::string_view pass);

/** One zone's gigablocks as the steps see them: finding one is the search's part, taking from it theirs. */
class GigablockView {
 public:
  /** Refused claims are added to @refusals. */
  GigablockView(const Zone& zone, const GigablockTunables& tunables, GigablockSearch& search,
                std::vector<ClaimRefusal>& refusals)
      : zone_(zone), index_(*zone.gigablocks()), tunables_(tunables), search_(search), refusals_(refusals) {}

  const Zone& zone() const { return zone_; }
  const GigablockTunables& tunables() const { return tunables_; }
  std::optional<GigablockId> find(const GigablockWanted& wanted) { return search_.find(index_, wanted); }
  /** Claims may split pageblocks: the zone has gigablocks enough to spare some for kernel memory. */
  bool is_large() const { return index_.size() > tunables_.gigablock_aggressive_threshold; }
  /** Smallest block of @list of at least @least in @id. Requires: there is one. */
  Placement smallest(GigablockId id, Order least, Migratetype list, PlacementAction action) const;
  /** Largest block of @list below pageblock order in @id, if of at least @least. */
  std::optional<Placement> largest_part(GigablockId id, Order least, Migratetype list) const;
  void refuse(const ClaimRefusal& refusal) { refusals_.push_back(refusal); }

 private:
  const Zone& zone_;
  const GigablockIndex& index_;
  const GigablockTunables& tunables_;
  GigablockSearch& search_;
  std::vector<ClaimRefusal>& refusals_;
};

/** The RFC's placement over either search. */
class GigablockPlacement : public PlacementPolicy {
 public:
  /** @tunables must outlive it. */
  GigablockPlacement(std::string_view name, const GigablockTunables& tunables, std::unique_ptr<GigablockSearch> search);

  std::string_view name() const override { return name_; }
  Choice choose(const Zone& zone, const PlacementRequest& request, PlacementMode from) override;
  std::optional<Placement> choose_own(const Zone& zone, const PlacementRequest& request) override;
  GigablockSearchCost search_cost() const override { return search_->cost(); }
  std::span<const ClaimRefusal> refusals() const override { return refusals_; }
  std::span<const StepCount> steps() const override { return served_; }

 private:
  Choice choose_uncounted(const Zone& zone, const PlacementRequest& request);
  bool has_leave(Leave needed, const PlacementRequest& request) const;
  bool applies(const GigablockStep& step, const PlacementRequest& request) const;

  std::string_view name_;
  const GigablockTunables& tunables_;
  std::unique_ptr<GigablockSearch> search_;
  std::vector<StepCount> served_;
  std::vector<ClaimRefusal> refusals_;
};

}  // namespace gbsim
