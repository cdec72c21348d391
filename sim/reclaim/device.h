// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/base/types.h"

namespace gbsim {

/** A disk or swap device that serves requests one after the other at a bandwidth, after a fixed latency. */
class Device {
 public:
  Device(double bytes_per_second, Ns latency) : bytes_per_second_(bytes_per_second), latency_(latency) {}

  /** When a request of @pages submitted at @now is done. */
  Ns submit(Ns now, NrPages pages) {
    busy_until_ = std::max(busy_until_, now) + transfer_time(pages);
    return busy_until_ + latency_;
  }
  /** Time the device needs for @pages alone. */
  Ns transfer_time(NrPages pages) const {
    const double bytes = static_cast<double>(pages.value * kPageSize);
    return Ns{static_cast<std::int64_t>(bytes * 1e9 / bytes_per_second_)};
  }
  /** Work queued at @now. */
  Ns backlog(Ns now) const { return std::max(busy_until_ - now, Ns{0}); }

 private:
  double bytes_per_second_;
  Ns latency_;
  Ns busy_until_{0};
};

}  // namespace gbsim
