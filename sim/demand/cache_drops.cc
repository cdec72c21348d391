// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/cache_drops.h"

#include <algorithm>

namespace gbsim {

namespace {

Ns middle_of(const std::vector<Ns>& quantiles) { return quantiles[quantiles.size() / 2]; }

}  // namespace

CacheDrops::CacheDrops(const std::vector<DropWindow>& windows) {
  std::ranges::for_each(windows, [&](const DropWindow& window) { drops_.push_back({window}); });
}

void CacheDrops::add(Ns died, std::uint64_t pages) {
  const auto until = [](const Drop& drop) { return drop.window.until; };
  const auto drop = std::ranges::lower_bound(drops_, died, {}, until);
  if (drop != drops_.end() && died > drop->window.after) {
    drop->deaths.add(died, pages);
  }
}

std::vector<Ns> CacheDrops::middles() const {
  std::vector<Ns> result;
  for (const Drop& drop : drops_) {
    if (!drop.deaths.empty()) {
      result.push_back(middle_of(drop.deaths.quantiles()));
    }
  }
  return result;
}

std::vector<Ns> CacheDrops::ends_after(Ns born) const {
  for (const Drop& drop : drops_) {
    std::vector<Ns> ends = drop.deaths.quantiles();
    if (!ends.empty() && born < middle_of(ends)) {
      return ends;
    }
  }
  return {};
}

}  // namespace gbsim
