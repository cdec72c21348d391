// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/zone_lessons.h"

#include <algorithm>

#include "sim/allocator/page_allocator.h"

namespace gbsim {

namespace {

bool is_lower(const ZoneChoice& choice) { return choice.ours.type() < choice.kernels.type(); }

/** Below the lower mark, which calls of the kernel seldom are. */
bool is_below_min(const ZoneChoice& choice) { return choice.tries > 2; }

}  // namespace

constexpr std::array<ZoneLessons::Lesson, 5> ZoneLessons::kLessons{{
    {&ZoneLessons::tells_nothing, &ZoneLessons::nothing},
    {&ZoneLessons::gave_in_too_far, &ZoneLessons::kernels_had_enough_having_given_in},
    {&ZoneLessons::ours_was_short, &ZoneLessons::ours_is_short},
    {&ZoneLessons::ours_was_short_having_given_in, &ZoneLessons::ours_was_passed_over},
    {&ZoneLessons::otherwise, &ZoneLessons::kernels_had_enough},
}};

void ZoneLessons::learn(const ZoneChoice& choice, EventTally& corrections) {
  const auto lesson = std::ranges::find_if(kLessons, [&](const Lesson& row) { return (this->*row.fits)(choice); });
  (this->*lesson->learn)(choice, corrections);
}

bool ZoneLessons::tells_nothing(const ZoneChoice& choice) const {
  const bool is_as_expected = &choice.ours == &choice.kernels && !is_below_min(choice);
  return is_as_expected || choice.ours.node() != choice.kernels.node();
}

bool ZoneLessons::gave_in_too_far(const ZoneChoice& choice) const {
  return is_below_min(choice) || (choice.tries == 1 && is_lower(choice));
}

/**
 * If ours passed below one that did not, the kernel may have found both too short, and given in above. Where lists are
 * the kernel's, so is what is free: what late folds do not explain is a boost, of a machine thought to have none.
 */
bool ZoneLessons::ours_was_short(const ZoneChoice& choice) const {
  if (choice.tries != 0) {
    return false;
  }
  const bool shows_boost = !lists_are_ours_ && !counters_tell_enough(choice);
  const bool may_be_boosted = memory_.tunables().watermark_boost_factor != 0 || shows_boost;
  const bool was_boosted = choice.kernels.boost() != NrPages{};
  return !is_lower(choice) || (may_be_boosted && !was_boosted) ||
         is_sooner_short(choice, at_first(choice.ours, choice.request));
}

/** Likewise where both gave in, at the lower mark: ours was too short there, or the kernel's enough before. */
bool ZoneLessons::ours_was_short_having_given_in(const ZoneChoice& choice) const {
  return choice.tries != 0 && !is_lower(choice) &&
         is_sooner_short(choice, having_given_in(choice.ours, choice.request));
}

void ZoneLessons::kernels_had_enough_having_given_in(const ZoneChoice& choice, EventTally& corrections) {
  learn_enough(choice.kernels, having_given_in(choice.kernels, choice.request), corrections);
}

void ZoneLessons::ours_is_short(const ZoneChoice& choice, EventTally&) {
  relief_.learn_short(choice.ours, at_first(choice.ours, choice.request));
}

/** Ours was too short having given in, and the kernel's was not. */
void ZoneLessons::ours_was_passed_over(const ZoneChoice& choice, EventTally& corrections) {
  relief_.learn_short(choice.ours, having_given_in(choice.ours, choice.request));
  const WatermarkQuery served = having_given_in(choice.kernels, choice.request);
  if (!choice.kernels.watermark_ok(served, choice.kernels.free_stat().global())) {
    learn_enough(choice.kernels, served, corrections);
  }
}

void ZoneLessons::kernels_had_enough(const ZoneChoice& choice, EventTally& corrections) {
  learn_enough(choice.kernels, at_first(choice.kernels, choice.request), corrections);
}

WatermarkQuery ZoneLessons::at_first(const Zone& zone, const PageRequest& request) const {
  return RecordedRelief::query(zone, request, fast_path_flags(memory_, request));
}

WatermarkQuery ZoneLessons::having_given_in(const Zone& zone, const PageRequest& request) const {
  return RecordedRelief::query(zone, request, slow_path_flags(memory_, request));
}

bool ZoneLessons::is_sooner_short(const ZoneChoice& choice, const WatermarkQuery& query) const {
  return RecordedRelief::misjudged_by(choice.ours, query, false) <
         RecordedRelief::misjudged_by(choice.kernels, at_first(choice.kernels, choice.request), true);
}

bool ZoneLessons::counters_tell_enough(const ZoneChoice& choice) const {
  return RecordedRelief::can_be(choice.kernels, at_first(choice.kernels, choice.request), true);
}

void ZoneLessons::learn_enough(Zone& zone, const WatermarkQuery& query, EventTally& corrections) {
  if (lists_are_ours_ && RecordedRelief::drain_for(zone, query)) {
    corrections.add("drained_for_watermark");
  }
  relief_.learn_enough(zone, query);
}

}  // namespace gbsim
