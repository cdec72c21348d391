// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "sim/base/timing_wheel.h"
#include "sim/workload/churn_folios.h"
#include "sim/workload/churn_phases.h"
#include "sim/workload/model_base.h"
#include "sim/workload/quick_law.h"

namespace gbsim {

/**
 * Any mix of allocations described in YAML alone: classes of order, type, GFP shape, rate, bursts and lifetime law,
 * groups that die together, phases, what exists from the beginning, and a pace that changes over the day. What is
 * refused, fallback included, is given up.
 */
class ChurnModel final : public ModelBase {
 public:
  ChurnModel(std::string name, const Params& params, double scale, WorkloadHost& host);

  void start() override;
  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;

  /** Allocations given up, their fallback included. */
  std::uint64_t refused() const { return refused_; }
  /** Base pages held now. */
  NrPages pages() const { return folios_.pages(); }

 private:
  /** One kind of allocation. */
  struct Class {
    QuickLaw order;
    Gfp gfp;
    QuickLaw burst;      // allocations of one arrival
    QuickLaw spacing;    // ns between them
    bool dies_together;  // an arrival's allocations share one lifetime
    QuickLaw life;       // of what exists from the beginning; ChurnArrivals has those of arrivals
    std::uint64_t initial;
    LruList lru;
    int fallback_order;   // tried when the first is refused; -1: give up
    bool fallback_whole;  // as many of them as make up the size, or just one
    double pinned;
    NrPages cap;
    NrPages live{};
  };

  /** One step of a burst that goes on: how many allocations are left, and when they die if they do so together. */
  struct Burst {
    std::uint16_t cls;
    std::uint32_t left;
    Ns dies_at;        // Ns::max(): each has a time of its own,
    ChurnLives lives;  // drawn from this
  };

  /** The end of a group, or the next step of a burst. */
  struct Pending {
    FolioGroup group;        // kEmptyGroup: a step of bursts_[step]
    std::uint32_t step;      // of the burst, or base pages counted for the class
    std::uint16_t cls;
  };

  void add_class(const Params& row);
  double pace(Ns now) const;
  void bring_initial(CpuId cpu, Ns now);
  void arrive(CpuId cpu, std::uint16_t cls, const ChurnLives& lives, Ns now);
  void go_on(CpuId cpu, std::uint32_t burst, Ns now);
  void allocate_all(CpuId cpu, Burst& burst, Ns now);
  bool allocate(CpuId cpu, Class& cls, FolioGroup& group, NrPages& got);
  void schedule_end(CpuId cpu, const Burst& burst, Ns now, FolioGroup group, NrPages pages);
  void fire(CpuId cpu, Ns now, const Pending& pending);
  void end(CpuId cpu, const Pending& pending);
  std::uint32_t take_burst();

  ChurnFolios folios_;
  std::vector<Class> classes_;
  ChurnArrivals arrivals_;
  std::vector<TimingWheel<Pending>> wheels_;  // by CPU
  std::vector<Burst> bursts_;
  std::vector<std::uint32_t> unused_bursts_;
  Ns period_;
  double amplitude_;
  double phase_;
  NrPages cap_;
  std::uint64_t refused_ = 0;
};

}  // namespace gbsim
