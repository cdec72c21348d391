// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>

#include "sim/mm/memory.h"
#include "sim/recording/event_tally.h"
#include "sim/replay/recorded_relief.h"

namespace gbsim {

/** A call that our allocator and the kernel's served. */
struct ZoneChoice {
  Zone& ours;
  Zone& kernels;
  const PageRequest& request;
  std::size_t tries = 0;  // of ours in vain: 0 at the low watermark, 1 having given in, more: below min
};

/**
 * What watermark checks of the kernel must have seen. Counters of free pages lag behind by what CPUs have not folded,
 * and boosts of watermarks end with kswapd's rounds: neither leaves an event, but which zone a call got tells of them.
 */
class ZoneLessons {
 public:
  /** @lists_are_ours: not the kernel's, so that a zone which must have more is drained first. All outlive it. */
  ZoneLessons(Memory& memory, RecordedRelief& relief, bool lists_are_ours)
      : memory_(memory), relief_(relief), lists_are_ours_(lists_are_ours) {}

  /** Changes what our checks see, so that such a call goes like the kernel's. Lists drained are counted. */
  void learn(const ZoneChoice& choice, EventTally& corrections);

 private:
  /** One row of the table: the first that fits is learnt. */
  struct Lesson {
    bool (ZoneLessons::*fits)(const ZoneChoice& choice) const;
    void (ZoneLessons::*learn)(const ZoneChoice& choice, EventTally& corrections);
  };
  static const std::array<Lesson, 5> kLessons;

  bool tells_nothing(const ZoneChoice& choice) const;
  bool gave_in_too_far(const ZoneChoice& choice) const;
  bool ours_was_short(const ZoneChoice& choice) const;
  bool ours_was_short_having_given_in(const ZoneChoice& choice) const;
  bool otherwise(const ZoneChoice&) const { return true; }

  void nothing(const ZoneChoice&, EventTally&) {}
  void kernels_had_enough_having_given_in(const ZoneChoice& choice, EventTally& corrections);
  void ours_is_short(const ZoneChoice& choice, EventTally& corrections);
  void ours_was_passed_over(const ZoneChoice& choice, EventTally& corrections);
  void kernels_had_enough(const ZoneChoice& choice, EventTally& corrections);

  WatermarkQuery at_first(const Zone& zone, const PageRequest& request) const;
  WatermarkQuery having_given_in(const Zone& zone, const PageRequest& request) const;
  /** @ours at the mark of @query is nearer to being short than the kernel's zone is to having enough at first. */
  bool is_sooner_short(const ZoneChoice& choice, const WatermarkQuery& query) const;
  /** Late folds can explain that the kernel's zone had enough at first. */
  bool counters_tell_enough(const ZoneChoice& choice) const;
  void learn_enough(Zone& zone, const WatermarkQuery& query, EventTally& corrections);

  Memory& memory_;
  RecordedRelief& relief_;
  bool lists_are_ours_;
};

}  // namespace gbsim
