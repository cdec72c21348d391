// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/contention.h"

#include <algorithm>

namespace gbsim {

/** A solved closed queue: times in ns for one acquisition. */
struct LockContention::Queue {
  double service = 0;
  double response = 0;    // waiting and service
  double throughput = 0;  // acquisitions a ns, all CPUs together
};

LockContention::Queue LockContention::solve(const LockWindow& window) const {
  const auto acquisitions = static_cast<double>(window.acquisitions);
  const double others = static_cast<double>(window.cpus - 1) / window.cpus;
  const double transfer = static_cast<double>(transfer_.count()) * others;
  const double outside = static_cast<double>(std::max<std::int64_t>(window.elsewhere.count(), 0)) / acquisitions;
  const double held = static_cast<double>(window.held.count()) / acquisitions;
  Queue queue{.service = static_cast<double>(base_.count()) + transfer + held};
  double length = 0;
  for (unsigned cpus = 1; cpus <= window.cpus; ++cpus) {
    queue.response = queue.service * (1 + length);
    queue.throughput = cpus / (outside + queue.response);
    length = queue.throughput * queue.response;
  }
  return queue;
}

Ns LockContention::price(const LockWindow& window) const {
  if (window.acquisitions == 0 || window.cpus == 0) {
    return base_;
  }
  const Queue queue = solve(window);
  const double held = static_cast<double>(window.held.count()) / static_cast<double>(window.acquisitions);
  return Ns{static_cast<std::int64_t>(queue.response - held + 0.5)};
}

double LockContention::utilisation(const LockWindow& window) const {
  if (window.acquisitions == 0 || window.cpus == 0) {
    return 0;
  }
  const Queue queue = solve(window);
  return std::min(1.0, queue.throughput * queue.service);
}

double LockContention::factor(const LockWindow& window) const {
  return static_cast<double>(price(window).count()) / static_cast<double>(std::max<std::int64_t>(base_.count(), 1));
}

}  // namespace gbsim
