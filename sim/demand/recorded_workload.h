// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/demand/recording_moments.h"
#include "sim/workload/model_base.h"

namespace gbsim {

/** What became of recorded demand in another machine. */
struct DemandOutcome {
  std::uint64_t allocations = 0;               // asked for, old contents included
  std::map<unsigned, std::uint64_t> refused{}; // by order
  NrPages refused_pages{};
  std::uint64_t frees = 0;                     // of what had been served
};

/**
 * The demand of a recording, asked for again: each allocation at its time, of its order, type and GFP bits, by its CPU,
 * freed at its time wherever it is then. What is refused is not there: a recording cannot react, neither by smaller
 * requests nor by other times. On no LRU list: who dies when is recorded, reclaim has no say.
 */
class RecordedWorkload final : public Workload {
 public:
  /** References outlive the workload. */
  RecordedWorkload(const RecordingWithMoments& recording, WorkloadHost& host, DemandOutcome& outcome);

  const std::string& name() const override { return name_; }
  /** Brings what was there before the recording. */
  void start() override;
  /** Everything that falls due before @to, whatever CPU it is of: the recording's order is kept. */
  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;

 private:
  /** A birth or a death. Thing numbers below the number of old blocks are old blocks, the rest are allocations. */
  struct Step {
    Ns at;
    std::uint32_t thing;
    bool is_death;
  };

  void plan();
  void bring_old();
  void bring_staying(std::size_t type, NrPages pages);
  void perform(const Step& step);
  std::uint32_t allocate(Order order, Gfp gfp, CpuId cpu);
  void free(std::uint32_t& folio, CpuId cpu);

  const RecordingWithMoments& recording_;
  WorkloadHost& host_;
  DemandOutcome& outcome_;
  std::string name_{"recorded"};
  KernelPages owner_;
  std::vector<Step> steps_;            // by time, births before deaths
  std::size_t next_ = 0;
  std::vector<std::uint32_t> folios_;  // by thing; kNoFolio: not there
  std::vector<std::uint32_t> staying_;
};

}  // namespace gbsim
