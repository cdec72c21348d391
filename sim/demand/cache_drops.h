// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/demand/life_sketch.h"

namespace gbsim {

/** Somebody dropped the page cache (vm.drop_caches) after the one time and before the other. */
struct DropWindow {
  Ns after{0};
  Ns until{0};
};

/** When dropping caches ended the page cache that reclaim had left. Times are of one clock. */
class CacheDrops {
 public:
  /** @windows by time. */
  explicit CacheDrops(const std::vector<DropWindow>& windows);

  /** @pages of page cache died that reclaim did not take. */
  void add(Ns died, std::uint64_t pages);
  /** When half of what died in each window in which any did was dead, by time. */
  std::vector<Ns> middles() const;
  /** Quantiles of the deaths in the first window that is not half over at @born; none: nobody drops what came then. */
  std::vector<Ns> ends_after(Ns born) const;

 private:
  struct Drop {
    DropWindow window;
    LifeSketch deaths{};
  };
  std::vector<Drop> drops_;
};

}  // namespace gbsim
