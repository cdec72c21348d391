// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/fit_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "sim/allocator/gfp.h"
#include "sim/base/law.h"
#include "sim/base/units.h"

namespace gbsim {

namespace {

/** Not to all digits, in a unit that keeps it short. */
std::string short_time(Ns time, unsigned digits = 3) {
  const auto least = static_cast<std::int64_t>(std::pow(10, digits));
  std::int64_t step = 1;
  while (time.count() / step >= least) {
    step *= 10;
  }
  return format_time(Ns{(time.count() + step / 2) / step * step});
}

std::string time_law(const std::vector<Ns>& quantiles, unsigned digits) {
  if (quantiles.empty()) {
    return "forever";
  }
  if (quantiles.front() == quantiles.back()) {
    return "fixed " + short_time(quantiles.front(), digits);
  }
  std::string text = "quantiles";
  for (const Ns point : quantiles) {
    text += " " + short_time(point, digits);
  }
  return text;
}

std::string life_law(const std::vector<Ns>& life) { return time_law(life, 3); }

/** Ends are as exact late in a recording as early. */
std::string ends_law(const std::vector<Ns>& ends) { return time_law(ends, 6); }

/** The keys of a phase that say how long what comes lives. */
std::string lives_of(const FittedPhase& phase, bool left_to_reclaim) {
  if (!phase.ends.empty()) {
    return ", life: forever, ends: " + ends_law(phase.ends);
  }
  return phase.life.empty() ? "" : ", life: " + (left_to_reclaim ? "forever" : life_law(phase.life));
}

std::string burst_law(const std::vector<double>& burst) {
  if (burst.size() == 1) {
    return fmt::format("fixed {:g}", burst.front());
  }
  std::string text = "quantiles";
  for (const double point : burst) {
    text += fmt::format(" {:g}", point);
  }
  return text;
}

/** Allocations an arrival brings on average. A draw is rounded down, which the half in each quantile makes up for. */
double mean_burst(const std::vector<double>& burst) {
  return burst.size() == 1 ? burst.front() : parse_law(burst_law(burst))->mean() - 0.5;
}

/**
 * What asks for more than it needs takes single pages instead; transparent huge pages take as many as make up the size.
 * The pool of huge pages, whose movable requests try hard, goes without.
 */
std::string fallback_of(const FittedClass& cls) {
  constexpr std::array<std::string_view, 6> kOptional{"TRANSHUGE", "TRANSHUGE_LIGHT", "SKB_FRAG",
                                                      "SLAB_HIGH_ORDER", "NORETRY", "RETRY_MAYFAIL"};
  const bool for_pool = cls.type == Migratetype::movable && cls.gfp == "RETRY_MAYFAIL";
  if (cls.order == Order{0} || for_pool || std::ranges::find(kOptional, cls.gfp) == kOptional.end()) {
    return "";
  }
  return cls.type == Migratetype::movable ? "\n      fallback_order: 0\n      fallback_whole: yes"
                                          : "\n      fallback_order: 0";
}

std::string_view type_of(const FittedClass& cls) {
  return cls.type == Migratetype::movable ? "movable"
                                          : cls.type == Migratetype::reclaimable ? "reclaimable" : "unmovable";
}

std::string spacing_of(const FittedClass& cls) {
  constexpr Ns kAtOnce{10'000};
  const bool is_spread = cls.burst.back() > 1 && cls.spacing >= kAtOnce;
  return is_spread ? fmt::format("\n      spacing: fixed {}", short_time(cls.spacing)) : "";
}

void append_phases(const FittedClass& cls, std::string& text) {
  const auto out = std::back_inserter(text);
  const double burst = mean_burst(cls.burst);
  fmt::format_to(out, "      phases:\n");
  Ns begin{0};
  for (const FittedPhase& phase : cls.phases) {
    const Ns end = begin + phase.lasts;
    constexpr std::int64_t kMs = 1'000'000;
    const Ns lasts{(end.count() / kMs - begin.count() / kMs) * kMs};
    fmt::format_to(out, "        - {{lasts: {}, rate: {:.6f}/s{}}}\n", format_time(std::max(lasts, Ns{kMs})),
                   phase.allocations_per_second / burst, lives_of(phase, cls.left_to_reclaim));
    begin = end;
  }
}

void append_class(const FittedClass& cls, std::string& text) {
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "    - name: {}\n      order: fixed {}\n      type: {}\n      gfp: {}\n", cls.name,
                 cls.order.value, type_of(cls), cls.gfp);
  if (cls.lru != "none") {
    fmt::format_to(out, "      lru: {}\n", cls.lru);
  }
  const bool is_single = cls.burst.back() == 1;
  if (!is_single) {
    fmt::format_to(out, "      burst: {}\n      dies_together: yes{}\n", burst_law(cls.burst), spacing_of(cls));
  }
  if (const std::string fallback = fallback_of(cls); !fallback.empty()) {
    fmt::format_to(out, "{}\n", fallback.substr(1));
  }
  if (cls.initial > 0) {
    fmt::format_to(out, "      initial: {}\n      rate: 0/s\n      life: {}\n", cls.initial,
                   life_law(cls.initial_life));
  }
  if (!cls.phases.empty()) {
    append_phases(cls, text);
  }
}

std::string header(const ChurnFit& fit, const std::string& source, const std::string& command) {
  std::string machine =
      fit.managed == NrPages{} ? fmt::format("{} CPUs, memory unknown", fit.cpus)
                               : fmt::format("{} CPUs and {} MiB of managed memory", fit.cpus, fit.managed.value / 256);
  machine += fit.swap_bytes == 0 ? "" : fmt::format(", swap.size {}", format_size(fit.swap_bytes));
  return fmt::format(
      "# The demand of {}: {} allocations in {:.1f} s on a machine with {}.\n"
      "# Made by: {}\n"
      "# In any scenario, as a file beside it:   workloads: [{{use: NAME-OF-THIS-FILE}}]\n"
      "# scale: 4 is four times the rates and contents, for a machine of four times the memory; set: {{cap: 50%}}\n"
      "# bounds what it may hold. Phases follow the recording and begin anew after it; what outlived it lives as long\n"
      "# as it, so that longer runs are steady. Classes \"stays\" and \"old\" were there before: leave them out on a\n"
      "# machine with contents of its own. Bursts with dies_together came together and were freed together. Classes\n"
      "# \"cache\" are page cache that reclaim took, and are left to reclaim here: they fill what memory there is. So\n"
      "# are classes \"swap\", which went to swap: give the machine some (tunables: {{swap.size: 1GiB}}). Unmovable\n"
      "# classes on an lru list are metadata of files, which compaction moves.\n",
      source, fit.allocations, static_cast<double>(fit.length.count()) * 1e-9, machine, command);
}

}  // namespace

std::string workload_text(const ChurnFit& fit, const std::string& source, const std::string& command) {
  std::string text = header(fit, source, command);
  text += fmt::format("model: churn\ndescription: the demand recorded in {}\nset:\n  classes:\n", source);
  for (const FittedClass& cls : fit.classes) {
    append_class(cls, text);
  }
  return text;
}

}  // namespace gbsim
