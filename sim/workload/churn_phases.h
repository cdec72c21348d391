// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/params.h"
#include "sim/base/random.h"
#include "sim/workload/quick_law.h"
#include "sim/workload/weighted_choice.h"

namespace gbsim {

/** What a class does in one stretch of time. */
struct ChurnPhase {
  Ns end{Ns::max()};  // since the start of the round
  double rate = 0;    // arrivals a second, whole machine
  QuickLaw life;
  std::optional<QuickLaw> ends{};  // since the start of the round: nothing of the phase lives longer
};

/** How long what arrives in one phase of one round lives. The phase outlives the object. */
struct ChurnLives {
  const QuickLaw* life;
  const QuickLaw* ends = nullptr;
  Ns round{0};  // its start

  /** When what has arrived at @now ends; it may be at once. */
  Ns draw_end(Ns now, RandomStream& random) const;
};

/** Phases that follow each other and begin anew after the last; a class without them has one that never ends. */
class ChurnRound {
 public:
  explicit ChurnRound(std::vector<ChurnPhase> phases) : phases_(std::move(phases)) {}

  bool is_endless() const { return phases_.back().end == Ns::max(); }
  /** The phase at @now since the start of the instance. */
  const ChurnPhase& at(Ns now) const { return phases_[index_at(now)]; }
  /** When it ends. */
  Ns end_of_phase(Ns now) const;
  /** The lives of what arrives at @now since the start of the instance, which was at @start. */
  ChurnLives lives(Ns now, Ns start) const;

 private:
  Ns within_round(Ns now) const { return is_endless() ? now : now % phases_.back().end; }
  std::size_t index_at(Ns now) const;

  std::vector<ChurnPhase> phases_;  // by end, ascending
};

/**
 * Who arrives. Classes without phases arrive at random (Poisson); classes with phases evenly, at the phase's rate, so
 * that what a round allocates does not vary: their irregularity lies in bursts and lives.
 */
class ChurnArrivals {
 public:
  explicit ChurnArrivals(std::size_t nr_cpus) : due_(nr_cpus) {}

  /** The next class, numbered from 0. */
  void add(ChurnRound round);
  /** When the instance starts: time zero of its rounds. */
  void set_start(Ns start) { start_ = start; }
  /**
   * Classes that arrive on CPU number @cpu in a window of @seconds at @now, in random order. @speed multiplies rates.
   * The result lives until the next call.
   */
  const std::vector<std::uint16_t>& draw(std::size_t cpu, Ns now, double seconds, double speed, RandomStream& random);
  /** How long an arrival of @cls at @now lives. */
  ChurnLives lives(std::uint16_t cls, Ns now) const { return rounds_[cls].lives(now - start_, start_); }

 private:
  void tune(Ns now);
  void draw_even(std::size_t cpu, double seconds, double speed);

  std::vector<ChurnRound> rounds_;
  std::vector<double> rates_;             // of all classes, in the present phases
  WeightedChoice at_random_;              // of those without phases
  std::vector<std::vector<double>> due_;  // by CPU, then class: fractions of arrivals
  std::vector<std::uint16_t> lot_;
  Ns start_{0};
  Ns tuned_from_{Ns::max()};  // the rates hold in between
  Ns tuned_until_{Ns::max()};
};

/** Keys of one element of `phases`. */
extern const std::array<ParamSpec, 4> kChurnPhaseParams;

/** The round that a class's `phases` describe, or the endless phase of its own `rate` and `life`. */
ChurnRound read_round(const Params& cls);

}  // namespace gbsim
