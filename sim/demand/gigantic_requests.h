// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/demand/demand_outcome.h"
#include "sim/demand/recorded_demand.h"
#include "sim/workload/workload.h"

namespace gbsim {

/**
 * The 1 GiB pages of a recording, asked for and given back at their times. Where gigablocks are smaller, a page is as
 * many of them as make a GiB, wherever they lie, and refused if one is.
 */
class GiganticRequests {
 public:
  /** References outlive the object. */
  GiganticRequests(const RecordedDemand& demand, WorkloadHost& host, DemandOutcome& outcome);

  /** When the next one is due, from the beginning of the recording on; Ns::max(): none is left. */
  Ns next() const { return next_ < deeds_.size() ? deeds_[next_].at : Ns::max(); }
  /** Does what is due next. Requires: next() is not Ns::max(). */
  void act();
  /** Gives back all that is held. */
  void stop();

 private:
  /** A page's end, or its birth. */
  struct Deed {
    Ns at;
    bool is_birth;
    std::size_t page;  // of demand.gigantic

    auto operator<=>(const Deed&) const = default;
  };

  void ask(std::size_t page);
  /** If it is there. */
  void give_back(std::size_t page);
  void release(std::size_t page);
  CpuId cpu_of(std::size_t page) const;

  const RecordedDemand& demand_;
  WorkloadHost& host_;
  DemandOutcome& outcome_;
  std::uint64_t parts_;      // gigablocks of a page
  std::vector<Deed> deeds_;  // by time, of those at one time ends first
  std::size_t next_ = 0;
  std::vector<std::vector<Pfn>> held_;  // by page; empty if it is not there
};

}  // namespace gbsim
