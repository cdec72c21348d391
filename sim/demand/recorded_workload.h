// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/demand/demand_outcome.h"
#include "sim/demand/gigantic_requests.h"
#include "sim/demand/recording_moments.h"
#include "sim/workload/workload.h"

namespace gbsim {

/**
 * The demand of a recording, asked for again: each allocation at its time, of its order, type and GFP bits, by its CPU,
 * freed at its time wherever it is then. What is refused is not there: a recording cannot react, neither by smaller
 * requests nor by other times; but a single page asked for without effort is asked for again, as SLUB does.
 * On no LRU list: who dies when is recorded, reclaim has no say. Compaction moves what is movable, and metadata of
 * files. In memory is what is alive.
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
  /** The run is over at @end: counts what was due by then and never asked for, as no CPU came to it. */
  void count_never_asked(Ns end);

 private:
  /** Hears of folios that are split: their parts die together, as the whole would have. */
  class Owner final : public FolioOwner {
   public:
    explicit Owner(RecordedWorkload& workload) : workload_(workload) {}
    std::string_view name() const override { return workload_.name_; }
    void on_evicted(FolioId folio, const Folio& record) override;
    void on_split(FolioId folio, const Folio& record, const std::vector<FolioId>& parts) override;

   private:
    RecordedWorkload& workload_;
  };

  /** When what lies in a slot dies. */
  struct Death {
    Ns at;
    std::uint64_t sequence;  // old blocks, then allocations by birth: of deaths at one time the earliest is first
    std::uint32_t slot;
    CpuId cpu;

    bool operator>(const Death& other) const { return std::tie(at, sequence) > std::tie(other.at, other.sequence); }
  };

  void bring_old();
  void bring_staying(std::size_t type, NrPages pages);
  void give_birth();
  /** Where @recorded was served: a machine with fewer CPUs has each serve several of the recorded ones. */
  CpuId cpu_for(std::uint16_t recorded) const;
  void let_die();
  PageRequest request(Order order, Gfp gfp, CpuId cpu) const;
  /** Its slot; nothing if it is refused. */
  std::optional<std::uint32_t> allocate(const PageRequest& request, bool moves_anyway = false);
  std::uint32_t take_slot();
  void free(std::uint32_t slot, CpuId cpu);

  const RecordingWithMoments& recording_;
  WorkloadHost& host_;
  DemandOutcome& outcome_;
  std::string name_{"recorded"};
  Owner owner_{*this};
  OwnerId owner_id_;
  LifeReader lives_;
  const RecordedAllocation* next_birth_;
  std::priority_queue<Death, std::vector<Death>, std::greater<>> deaths_;  // of what is there
  GiganticRequests gigantic_;
  std::uint64_t sequence_ = 0;
  std::vector<std::uint32_t> slots_;  // folios, numbered by their cookies; kNoFolio: the slot is unused
  std::vector<std::uint32_t> unused_;
  std::unordered_map<std::uint32_t, std::vector<FolioId>> parts_;  // by slot: but for the first, of those split
};

}  // namespace gbsim
