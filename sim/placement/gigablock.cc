// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/placement/gigablock.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "sim/placement/fallback.h"

namespace gbsim {

namespace {

using Found = std::optional<Placement>;
using enum GigablockCategory;

Migratetype other_non_movable(Migratetype type) {
  return type == Migratetype::unmovable ? Migratetype::reclaimable : Migratetype::unmovable;
}

Order whole_pageblock(const GigablockView& view, const PlacementRequest& request) {
  return std::max(request.order, view.zone().orders().pageblock);
}

/** What @look finds at the first of @places where it finds anything. */
template <class Places, class Look>
Found first_found(const Places& places, Look&& look) {
  for (const auto& place : places) {
    if (const Found block = look(place)) {
      return block;
    }
  }
  return std::nullopt;
}

Found take(GigablockView& view, const GigablockWanted& wanted) {
  const auto id = view.find(wanted);
  return id ? Found{view.smallest(*id, wanted.least, wanted.type, PlacementAction::take)} : std::nullopt;
}

/** Whole pageblocks of @list change to the request's type; they hold nothing, so that no types mix. */
Found claim_whole_in(GigablockView& view, const PlacementRequest& request, const GigablockWanted& wanted) {
  const auto id = view.find(wanted);
  if (!id) {
    return std::nullopt;
  }
  const bool own = wanted.type == request.type;
  return view.smallest(*id, wanted.least, wanted.type, own ? PlacementAction::take : PlacementAction::claim_blocks);
}

/** Why try_to_claim_block() of the RFC would not relabel the pageblock of a movable @part; empty: it would. */
template <class Agreeable>
std::string_view claim_refusal(const Zone& zone, const Placement& part, Agreeable&& agreeable) {
  if (!zone.spans_pageblock(part.block)) {
    return "ZONE_BOUNDARY";
  }
  switch (zone.pageblock(part.block).type) {
    case Migratetype::movable:
      return agreeable(part) ? "" : "INSUFFICIENT_COMPAT";
    case Migratetype::isolate:
      return "ISOLATE";
    case Migratetype::cma:
      return "CMA";
    default:
      return "CROSS_TYPE_NOT_FREE";
  }
}

/** The pageblock of the largest part; @agreeable says whether it may change its type. */
template <class Agreeable>
Found claim_part_in(GigablockView& view, const PlacementRequest& request, GigablockCategory category,
                    Agreeable&& agreeable) {
  const auto id = view.find({category, Migratetype::movable, request.order});
  const Found part = id ? view.largest_part(*id, request.order, Migratetype::movable) : std::nullopt;
  if (!part) {
    return std::nullopt;
  }
  const std::string_view refusal = claim_refusal(view.zone(), *part, agreeable);
  if (!refusal.empty()) {
    view.refuse({part->block, view.zone().pageblock(part->block).type, refusal});
    return std::nullopt;
  }
  return part;
}

// Pass 1: movable memory in clean gigablocks, everything else in tainted ones.
Found take_preferred(GigablockView& view, const PlacementRequest& request) {
  const GigablockCategory home = request.type == Migratetype::movable ? clean : tainted;
  if (view.tunables().gigablock_whole_first) {
    if (const Found whole = take(view, {home, request.type, whole_pageblock(view, request)})) {
      return whole;
    }
  }
  return take(view, {home, request.type, request.order});
}

// Pass 2
Found claim_whole(GigablockView& view, const PlacementRequest& request) {
  return claim_whole_in(view, request, {tainted, Migratetype::movable, whole_pageblock(view, request)});
}

// Pass 2b: without the test for a compatible half, because the gigablock is lost anyway.
Found claim_partial(GigablockView& view, const PlacementRequest& request) {
  if (!view.is_large()) {
    return std::nullopt;
  }
  return claim_part_in(view, request, tainted, [](const Placement&) { return true; });
}

// Pass 2c: the page returns to the list of its pageblock's type when it is freed.
Found borrow_other(GigablockView& view, const PlacementRequest& request) {
  return take(view, {tainted, other_non_movable(request.type), request.order});
}

// Pass 2d
Found borrow_movable(GigablockView& view, const PlacementRequest& request) {
  return take(view, {tainted, Migratetype::movable, request.order});
}

Found take_whole_empty(GigablockView& view, const PlacementRequest& request) {
  constexpr std::array kLists{Migratetype::movable, Migratetype::unmovable, Migratetype::reclaimable};
  return first_found(kLists, [&](Migratetype list) {
    return claim_whole_in(view, request, {empty, list, whole_pageblock(view, request)});
  });
}

// Pass 3. A non-movable request taints the gigablock.
Found take_empty(GigablockView& view, const PlacementRequest& request) {
  const bool gated = request.type != Migratetype::movable && view.tunables().gigablock_gate_empty &&
                     request.flags.has(AllocFlags::nofragment);
  return gated ? std::nullopt : take_whole_empty(view, request);
}

// Pass 4: what is scarce stays for those who cannot go elsewhere.
Found movable_into_tainted(GigablockView& view, const PlacementRequest& request) {
  return take(view, {tainted, Migratetype::movable, request.order, Fullness::mostly_used});
}

Found take_cma(GigablockView& view, const PlacementRequest& request) {
  if (!request.flags.has(AllocFlags::cma)) {
    return std::nullopt;
  }
  return first_found(std::array{clean, tainted, empty}, [&](GigablockCategory home) {
    return take(view, {home, Migratetype::cma, request.order});
  });
}

/**
 * Pageblocks that keep another type's label but hold nothing change it. Between the two non-movable types nothing less
 * will do, or mixed pageblocks would never come free again: noncompatible_cross_type() of RFC v2-24.
 */
Found relabel_free(GigablockView& view, const PlacementRequest& request) {
  const Order whole = whole_pageblock(view, request);
  if (request.type != Migratetype::movable) {
    return claim_whole_in(view, request, {tainted, other_non_movable(request.type), whole});
  }
  const std::array places{
      GigablockWanted{clean, Migratetype::reclaimable, whole},
      GigablockWanted{clean, Migratetype::unmovable, whole},
      GigablockWanted{tainted, Migratetype::reclaimable, whole, Fullness::mostly_used},
      GigablockWanted{tainted, Migratetype::unmovable, whole, Fullness::mostly_used},
  };
  return first_found(places, [&](const GigablockWanted& wanted) { return claim_whole_in(view, request, wanted); });
}

// __rmqueue_claim() of clean gigablocks: whole pageblocks, else one with a compatible half. Taints.
Found claim_clean(GigablockView& view, const PlacementRequest& request) {
  const GigablockWanted whole{clean, Migratetype::movable, whole_pageblock(view, request)};
  if (const Found block = claim_whole_in(view, request, whole)) {
    return block;
  }
  return claim_part_in(view, request, clean, [&](const Placement& part) {
    return mostly_compatible(view.zone(), part.block, request.type);
  });
}

// __rmqueue_steal(): whatever is left, the own type first. The reserve yields too.
Found steal(GigablockView& view, const PlacementRequest& request) {
  const auto& others = kFallbacks[index(request.type)];
  const auto anywhere = [&](GigablockCategory home) {
    return first_found(std::array{request.type, others[0], others[1]},
                       [&](Migratetype list) { return take(view, {home, list, request.order}); });
  };
  return first_found(std::array{tainted, clean, empty}, anywhere);
}

using enum ServedTypes;
using enum Leave;
using G = GigablockTunables;

constexpr std::array kSteps{
    GigablockStep{"take_preferred", all, none, nullptr, take_preferred, "PASS_1"},
    GigablockStep{"claim_whole", non_movable, relabel, &G::gigablock_claim_whole, claim_whole, "PASS_2"},
    GigablockStep{"claim_partial", non_movable, relabel, &G::gigablock_claim_partial, claim_partial, "PASS_2B"},
    GigablockStep{"borrow_other", non_movable, none, &G::gigablock_borrow_other, borrow_other, "PASS_2C"},
    GigablockStep{"borrow_movable", non_movable, none, &G::gigablock_borrow_movable, borrow_movable, "PASS_2D"},
    GigablockStep{"take_empty", all, none, &G::gigablock_take_empty, take_empty, "PASS_3"},
    GigablockStep{"movable_into_tainted", movable, none, &G::gigablock_movable_into_tainted, movable_into_tainted,
                  "PASS_4"},
    GigablockStep{"take_cma", movable, none, nullptr, take_cma},
    GigablockStep{"relabel_free", all, none, nullptr, relabel_free},
    GigablockStep{"claim_clean", non_movable, mix, nullptr, claim_clean},
    GigablockStep{"steal", all, mix, nullptr, steal},
};

}  // namespace

std::span<const GigablockStep> gigablock_steps() { return kSteps; }

std::string_view rfc_pass(std::string_view step) {
  const auto row = std::ranges::find(kSteps, step, &GigablockStep::name);
  return row == kSteps.end() ? kNoPass : row->pass;
}

bool stays_in_tainted(std::string_view pass) {
  return pass == "PASS_1" || pass.starts_with("PASS_2");
}

Placement GigablockView::smallest(GigablockId id, Order least, Migratetype list, PlacementAction action) const {
  const Order found = *zone_.smallest_free_in(id, least, list);
  return Placement{zone_.first_free_in(id, found, list), found, list, action};
}

std::optional<Placement> GigablockView::largest_part(GigablockId id, Order least, Migratetype list) const {
  const std::uint32_t parts = (1U << zone_.orders().pageblock.value) - 1;
  const std::uint32_t orders = zone_.free_orders_in(id, list) & parts;
  if (orders >> least.value == 0) {
    return std::nullopt;
  }
  const Order found{static_cast<unsigned>(std::bit_width(orders)) - 1};
  return Placement{zone_.first_free_in(id, found, list), found, list, PlacementAction::claim_pageblock};
}

GigablockPlacement::GigablockPlacement(std::string_view name, const GigablockTunables& tunables,
                                       std::unique_ptr<GigablockSearch> search)
    : name_(name), tunables_(tunables), search_(std::move(search)) {
  for (const GigablockStep& step : kSteps) {
    served_.push_back({step.name});
  }
}

/** For requests with NOFRAGMENT. */
bool GigablockPlacement::has_leave(Leave needed, const PlacementRequest& request) const {
  switch (needed) {
    case Leave::none:
      return true;
    case Leave::relabel:
      return !tunables_.gigablock_gate_claims || request.flags.has(AllocFlags::tainted_ok);
    default:
      return false;
  }
}

bool GigablockPlacement::applies(const GigablockStep& step, const PlacementRequest& request) const {
  if (step.enabled != nullptr && !(tunables_.*step.enabled)) {
    return false;
  }
  if (request.flags.has(AllocFlags::nofragment) && !has_leave(step.needs, request)) {
    return false;
  }
  return step.serves == all || (step.serves == movable) == (request.type == Migratetype::movable);
}

Choice GigablockPlacement::choose(const Zone& zone, const PlacementRequest& request, PlacementMode) {
  const GigablockSearchCost before = search_->cost();
  Choice choice = choose_uncounted(zone, request);
  const GigablockSearchCost& now = search_->cost();
  choice.work = {now.gigablocks_examined - before.gigablocks_examined, now.bitmap_words - before.bitmap_words};
  return choice;
}

Choice GigablockPlacement::choose_uncounted(const Zone& zone, const PlacementRequest& request) {
  refusals_.clear();
  GigablockView view(zone, tunables_, *search_, refusals_);
  for (std::size_t i = 0; i < kSteps.size(); ++i) {
    if (!applies(kSteps[i], request)) {
      continue;
    }
    if (Found found = kSteps[i].choose(view, request)) {
      found->step = kSteps[i].name;
      ++served_[i].served;
      return {*found};
    }
  }
  return {};
}

std::optional<Placement> GigablockPlacement::choose_own(const Zone& zone, const PlacementRequest& request) {
  GigablockView view(zone, tunables_, *search_, refusals_);
  return take_preferred(view, request);
}

}  // namespace gbsim
