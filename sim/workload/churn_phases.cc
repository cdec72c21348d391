// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/churn_phases.h"

#include <algorithm>

namespace gbsim {

namespace {

std::optional<QuickLaw> latest_end(const Params& row) {
  const Law law = row.law("ends");
  return law.kind == Law::Kind::forever ? std::nullopt : std::optional<QuickLaw>(law);
}

}  // namespace

constinit const std::array<ParamSpec, 4> kChurnPhaseParams{
    ParamSpec{"lasts", ParamType::time, "1s", "length of the phase", "", 1e6, 1e16},
    ParamSpec{"rate", ParamType::rate, "0/s", "arrivals, whole machine, times scale, evenly spread", "", 0, 1e9},
    ParamSpec{"life", ParamType::law, "exponential 1s", "lifetime of what arrives in this phase"},
    ParamSpec{"ends", ParamType::law, "forever",
              "when it ends at the latest, counted from the start of the round: what many die of at once"},
};

std::size_t ChurnRound::index_at(Ns now) const {
  const auto found = std::ranges::upper_bound(phases_, within_round(now), {}, &ChurnPhase::end);
  return std::min(static_cast<std::size_t>(found - phases_.begin()), phases_.size() - 1);
}

Ns ChurnRound::end_of_phase(Ns now) const {
  const Ns end = phases_[index_at(now)].end;
  return end == Ns::max() ? end : now + (end - within_round(now));
}

ChurnLives ChurnRound::lives(Ns now, Ns start) const {
  const ChurnPhase& phase = at(now);
  return {&phase.life, phase.ends ? &*phase.ends : nullptr, start + (now - within_round(now))};
}

Ns ChurnLives::draw_end(Ns now, RandomStream& random) const {
  const Ns end = now + life->draw_time(random);
  return ends == nullptr ? end : std::clamp(round + ends->draw_time(random), now, end);
}

void ChurnArrivals::add(ChurnRound round) {
  rounds_.push_back(std::move(round));
  rates_.push_back(0);
  const auto nr_cpus = static_cast<double>(due_.size());
  for (std::size_t cpu = 0; cpu < due_.size(); ++cpu) {
    due_[cpu].push_back((static_cast<double>(cpu) + 0.5) / nr_cpus);  // CPUs take turns
  }
}

void ChurnArrivals::tune(Ns now) {
  if (now >= tuned_from_ && now < tuned_until_) {
    return;
  }
  tuned_from_ = now;
  tuned_until_ = Ns::max();
  std::vector<double> random_rates(rounds_.size(), 0.0);
  for (std::size_t i = 0; i < rounds_.size(); ++i) {
    rates_[i] = rounds_[i].at(now).rate;
    tuned_until_ = std::min(tuned_until_, rounds_[i].end_of_phase(now));
    random_rates[i] = rounds_[i].is_endless() ? rates_[i] : 0.0;
  }
  at_random_ = WeightedChoice(random_rates);
}

void ChurnArrivals::draw_even(std::size_t cpu, double seconds, double speed) {
  const double part = seconds * speed / static_cast<double>(due_.size());
  for (std::size_t i = 0; i < rounds_.size(); ++i) {
    if (rounds_[i].is_endless()) {
      continue;
    }
    double& due = due_[cpu][i];
    due += rates_[i] * part;
    const auto whole = static_cast<std::uint64_t>(due);
    due -= static_cast<double>(whole);
    lot_.insert(lot_.end(), whole, static_cast<std::uint16_t>(i));
  }
}

const std::vector<std::uint16_t>& ChurnArrivals::draw(std::size_t cpu, Ns now, double seconds, double speed,
                                                      RandomStream& random) {
  tune(now - start_);
  lot_.clear();
  draw_even(cpu, seconds, speed);
  const std::size_t nr_even = lot_.size();
  const double mean = at_random_.total() * speed * seconds / static_cast<double>(due_.size());
  for (std::uint64_t left = random.poisson(mean); left > 0; --left) {
    lot_.push_back(static_cast<std::uint16_t>(at_random_.draw(random)));
  }
  if (nr_even > 0) {
    random.shuffle(lot_);
  }
  return lot_;
}

ChurnRound read_round(const Params& cls) {
  std::vector<ChurnPhase> phases;
  Ns end{0};
  for (const Params& row : cls.list("phases")) {
    end += row.time("lasts");
    phases.push_back({end, row.real("rate"), QuickLaw(row.law("life")), latest_end(row)});
  }
  if (phases.empty()) {
    phases.push_back({Ns::max(), cls.real("rate"), QuickLaw(cls.law("life"))});
  }
  return ChurnRound(std::move(phases));
}

}  // namespace gbsim
