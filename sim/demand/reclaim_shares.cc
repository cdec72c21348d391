// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/reclaim_shares.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace gbsim {

namespace {

/** A number in [0, 1) that looks random: the mixing function of splitmix64 (Steele, Lea and Flood, 2014). */
double scattered(std::uint64_t value) {
  constexpr double kToUnit = 0x1p-53;
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ value >> 30U) * 0xbf58476d1ce4e5b9U;
  value = (value ^ value >> 27U) * 0x94d049bb133111ebU;
  return static_cast<double>((value ^ value >> 31U) >> 11U) * kToUnit;
}

}  // namespace

void ReclaimShares::add(Ns until, double share) { stretches_.push_back({until, std::min(1.0, share)}); }

bool ReclaimShares::took(Ns died) const {
  constexpr std::int64_t kSlot = 1'000'000;
  const auto stretch = std::ranges::lower_bound(stretches_, died, {}, &Stretch::until);
  return stretch != stretches_.end() && died != Ns::max() &&
         scattered(static_cast<std::uint64_t>(died.count() / kSlot)) < stretch->share;
}

std::optional<ReclaimedPages> pages_reclaimed(const std::string& vmstat) {
  std::istringstream in(vmstat);
  std::map<std::string, std::uint64_t> counts;
  std::uint64_t count = 0;
  for (std::string name; in >> name >> count;) {
    counts[name] = count;
  }
  if (counts.contains("pgsteal_file")) {
    return ReclaimedPages{counts["pgsteal_file"], counts["pgsteal_anon"], counts["drop_pagecache"]};
  }
  // Before 5.8 only sums were counted, and what was written to swap.
  if (!counts.contains("pgsteal_kswapd") || !counts.contains("pgsteal_direct")) {
    return std::nullopt;
  }
  const std::uint64_t both = counts["pgsteal_kswapd"] + counts["pgsteal_direct"];
  const std::uint64_t anon = std::min(both, counts["pswpout"]);
  return ReclaimedPages{both - anon, anon, counts["drop_pagecache"]};
}

}  // namespace gbsim
